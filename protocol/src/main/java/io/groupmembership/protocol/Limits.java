package io.groupmembership.protocol;

/** The bounds that every node holds its clients to. A request beyond one is refused and changes nothing. */
public final class Limits {
    /** Characters of a namespace or of a group name (DNS label, RFC 1123). */
    public static final int NAME_CHARACTERS = 63;

    /** Characters of a member id (a pod's name may be a DNS subdomain). */
    public static final int MEMBER_ID_CHARACTERS = 253;

    /** Characters of an address or a heartbeat address, its port and path included. */
    public static final int ADDRESS_CHARACTERS = 512;

    /** Bytes of all keys and values of one member's metadata together, in UTF-8. */
    public static final int METADATA_BYTES = 4096;

    /** Entries in one member's metadata. */
    public static final int METADATA_ENTRIES = 64;

    /** Members in one batch request. */
    public static final int BATCH_MEMBERS = 1_000;

    /** Groups that one cluster keeps. */
    public static final int GROUPS = 10_000;

    /** Members of one group, unless its policy says less or more. */
    public static final int DEFAULT_MAX_MEMBERS = 100_000;

    /** The most that a policy may allow. */
    public static final int MAX_MEMBERS = 1_000_000;

    /** Characters of a key of the key-value store. */
    public static final int KEY_CHARACTERS = 512;

    /** Bytes of one value of the key-value store. */
    public static final int VALUE_BYTES = 512 * 1024;

    /** Bytes of all keys and values of the key-value store together. */
    public static final long STORE_BYTES = 128L * 1024 * 1024;

    /** Characters of an Idempotency-Key. */
    public static final int IDEMPOTENCY_KEY_CHARACTERS = 128;

    /** Bytes of a request's body. */
    public static final int BODY_BYTES = 4 * 1024 * 1024;

    private Limits() {}
}
