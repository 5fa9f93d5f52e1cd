package io.groupmembership.operator.group.slice;

/** A Service's name in its namespace. */
public record ServiceKey(String namespace, String name) {
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
