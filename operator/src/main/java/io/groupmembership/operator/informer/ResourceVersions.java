package io.groupmembership.operator.informer;

/**
 * Which of two states of one object is the later one. Resource versions are decimal numbers that grow (Kubernetes 1.35,
 * "comparable resource versions"; with etcd they always were). What is no number is later than anything: then the order
 * of arrival decides.
 */
final class ResourceVersions {
    private ResourceVersions() {}

    static boolean isOlder(String version, String than) {
        if (!isNumber(version) || !isNumber(than)) {
            return false;
        }
        return version.length() == than.length() ? version.compareTo(than) < 0 : version.length() < than.length();
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.charAt(0) != '0' && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
