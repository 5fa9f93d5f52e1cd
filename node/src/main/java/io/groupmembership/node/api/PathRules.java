package io.groupmembership.node.api;

import java.util.Optional;

/**
 * Which paths are taken at all. A path means the same before and after decoding and normalizing, so that it can't
 * reach another resource than the one it seems to name: no {@code .} or {@code ..} segment and no empty one, no
 * encoded slash, backslash, dot or control character, no path parameters (RFC 3986, sections 3.3 and 6.2.2).
 */
public final class PathRules {
    private PathRules() {}

    /** What is wrong with a path as it was sent, before the question mark; a phrase that follows "the path". */
    public static Optional<String> problem(String path) {
        int length = path.length();
        if (length == 0 || path.charAt(0) != '/') {
            return Optional.of("must begin with a slash");
        }
        for (int i = 0; i < length; i++) {
            char c = path.charAt(i);
            switch (c) {
                case '/' -> {
                    boolean last = i + 1 == length;
                    if (last ? length > 1 : path.charAt(i + 1) == '/') {
                        return Optional.of("must have no empty segment");
                    }
                    if (isDotSegment(path, i + 1)) {
                        return Optional.of("must have no '.' or '..' segment");
                    }
                }
                case '%' -> {
                    int code = i + 2 < length ? hex(path.charAt(i + 1)) * 16 + hex(path.charAt(i + 2)) : -1;
                    if (code < 0) {
                        return Optional.of("has a percent sign that no two hexadecimal digits follow");
                    }
                    if (code <= ' ' || code == 0x7F || "/\\.;%".indexOf(code) >= 0) {
                        return Optional.of("must not have " + path.substring(i, i + 3) + ": write names as they are");
                    }
                }
                case '\\', ';' -> {
                    return Optional.of("must not have '" + c + "'");
                }
                default -> {
                    if (c <= ' ' || c >= 0x7F) {
                        return Optional.of("must be printable ASCII");
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isDotSegment(String path, int start) {
        int end = start;
        while (end < path.length() && path.charAt(end) == '.') {
            end++;
        }
        int dots = end - start;
        return (dots == 1 || dots == 2) && (end == path.length() || path.charAt(end) == '/');
    }

    /** The value of a digit; so negative that no sum with it is a code, where it is none. */
    private static int hex(char c) {
        int digit = Character.digit(c, 16);
        return digit < 0 ? -1_000 : digit;
    }
}
