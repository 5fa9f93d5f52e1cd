package io.groupmembership.membership;

/**
 * A value of the key-value store. The array is never changed once it is here.
 *
 * @param version grows with each write in the cluster, so no version of any key is ever repeated
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed; a copy of 512 KiB would cost
public record KvEntry(byte[] value, long version) {}
