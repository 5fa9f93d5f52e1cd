package io.groupmembership.cli.show;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people type them: {@code 250ms}, {@code 5s}, {@code 1.5s}, {@code 2m}, {@code 1h}, {@code 90d}. */
public final class DurationText implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,8})(?:\\.(\\d{1,3}))?(ms|s|m|h|d)");

    @Override
    public Duration convert(String value) {
        return parse(value);
    }

    /** Reads the text form; a duration is above zero. */
    public static Duration parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new TypeConversionException("'" + text + "' is no duration: write for example 500ms, 5s or 2m");
        }
        long unitMillis = switch (form.group(3)) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> 86_400_000;
        };
        String fraction = form.group(2) == null ? "" : form.group(2);
        long thousandths = Long.parseLong(form.group(1)) * 1_000 + Long.parseLong((fraction + "000").substring(0, 3));
        Duration duration = Duration.ofMillis(thousandths * unitMillis / 1_000);
        if (duration.isZero()) {
            throw new TypeConversionException("'" + text + "' must be at least 1ms");
        }
        return duration;
    }

    /** The shortest exact form: {@code 5s}, {@code 250ms}. */
    public static String of(long millis) {
        if (millis % 3_600_000 == 0 && millis > 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis % 60_000 == 0 && millis > 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }

    /** Seconds with one decimal: {@code 3.2 s}. */
    public static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toNanos() / 1e9);
    }

    /** How long ago, coarsely, as kubectl shows ages: {@code 45s}, {@code 12m}, {@code 3h}, {@code 9d}. */
    public static String age(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        if (seconds < 120) {
            return seconds + "s";
        }
        if (seconds < 120 * 60) {
            return seconds / 60 + "m";
        }
        return seconds < 48 * 3600 ? seconds / 3600 + "h" : seconds / 86400 + "d";
    }
}
