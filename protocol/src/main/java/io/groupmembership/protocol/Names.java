package io.groupmembership.protocol;

import java.util.Optional;

/**
 * Which names are names. Each method returns what is wrong with its argument, as a phrase that follows the field's
 * name ("must not be empty"), or nothing where the name is good.
 *
 * <p>Namespaces are DNS labels in lower case (RFC 1123), as Kubernetes wants them; a group is one or more, with dots.
 * Member ids are ASCII letters, digits, {@code .}, {@code _} and {@code -}, and begin and end with a letter or digit.
 * Keys may have slashes, but no empty, {@code .} or {@code ..} segment: a path can't be walked with one.
 */
public final class Names {
    private Names() {}

    public static Optional<String> namespaceProblem(String name) {
        return label(name, false);
    }

    public static Optional<String> groupProblem(String name) {
        return label(name, true);
    }

    public static Optional<String> memberIdProblem(String name) {
        Optional<String> length = lengthProblem(name, Limits.MEMBER_ID_CHARACTERS);
        if (length.isPresent()) {
            return length;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean edge = i == 0 || i == name.length() - 1;
            if (!(alphanumeric(c) || (!edge && (c == '.' || c == '_' || c == '-')))) {
                return Optional.of(
                        "must be ASCII letters, digits, '.', '_' and '-', with a letter or digit at both ends");
            }
        }
        return Optional.empty();
    }

    public static Optional<String> keyProblem(String key) {
        Optional<String> length = lengthProblem(key, Limits.KEY_CHARACTERS);
        if (length.isPresent()) {
            return length;
        }
        int segmentStart = 0;
        for (int i = 0; i <= key.length(); i++) {
            if (i == key.length() || key.charAt(i) == '/') {
                String segment = key.substring(segmentStart, i);
                if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                    return Optional.of("must have no empty, '.' or '..' segment between its slashes");
                }
                segmentStart = i + 1;
            } else {
                char c = key.charAt(i);
                if (!alphanumeric(c) && "._:=-".indexOf(c) < 0) {
                    return Optional.of("must be ASCII letters, digits, '.', '_', ':', '=', '-' and '/'");
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> label(String name, boolean dots) {
        Optional<String> length = lengthProblem(name, Limits.NAME_CHARACTERS);
        if (length.isPresent()) {
            return length;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean good = isLower(c) || ((c == '-' || (dots && c == '.')) && isInner(name, i));
            if (!good) {
                return Optional.of("must be lower case letters, digits and '-'" + (dots ? " and single '.'" : "")
                        + ", with a letter or digit at both ends" + (dots ? " and around each '.'" : ""));
            }
        }
        return Optional.empty();
    }

    /** Says whether a dash or dot neither begins nor ends a label: a dash may stand beside a dash, and nothing else. */
    private static boolean isInner(String name, int at) {
        if (at == 0 || at == name.length() - 1) {
            return false;
        }
        char before = name.charAt(at - 1);
        char after = name.charAt(at + 1);
        return name.charAt(at) == '-' ? before != '.' && after != '.' : isLower(before) && isLower(after);
    }

    private static boolean isLower(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    private static Optional<String> lengthProblem(String name, int most) {
        if (name.isEmpty()) {
            return Optional.of("must not be empty");
        }
        return name.length() > most
                ? Optional.of("must have at most " + most + " characters, and has " + name.length())
                : Optional.empty();
    }

    private static boolean alphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
