package io.groupmembership.e2e.chaos;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * What a client called and was answered, as the judge reads it; see e2e/judge/operation.go.
 *
 * @param on the key, or the group
 * @param call nanoseconds
 * @param end nanoseconds; 0 where the client was never told what came of it
 */
record Operation(
        int client,
        String on,
        String kind,
        long call,
        @JsonProperty("return") long end,
        String value,
        long expect,
        long version,
        boolean refused,
        String member,
        long incarnation,
        long view,
        Map<String, Long> members) {
    /** An operation that was called now and has no end yet. */
    static Operation begin(int client, String on, String kind) {
        return new Operation(client, on, kind, System.nanoTime(), 0, "", 0, 0, false, "", 0, 0, Map.of());
    }

    Operation ofValue(String newValue) {
        return new Operation(
                client, on, kind, call, end, newValue, expect, version, refused, member, incarnation, view, members);
    }

    Operation expecting(long wanted) {
        return new Operation(
                client, on, kind, call, end, value, wanted, version, refused, member, incarnation, view, members);
    }

    Operation ofMember(String memberId, long newIncarnation) {
        return new Operation(
                client, on, kind, call, end, value, expect, version, refused, memberId, newIncarnation, view, members);
    }

    /** It took effect, or read this. */
    Operation done(String newValue, long newVersion) {
        return new Operation(
                client,
                on,
                kind,
                call,
                System.nanoTime(),
                newValue,
                expect,
                newVersion,
                false,
                member,
                incarnation,
                view,
                members);
    }

    /** Its condition did not hold. */
    Operation refused(long presentVersion) {
        return new Operation(
                client,
                on,
                kind,
                call,
                System.nanoTime(),
                value,
                expect,
                presentVersion,
                true,
                member,
                incarnation,
                view,
                members);
    }

    Operation joined(long newIncarnation, long newView) {
        return new Operation(
                client,
                on,
                kind,
                call,
                System.nanoTime(),
                value,
                expect,
                version,
                false,
                member,
                newIncarnation,
                newView,
                members);
    }

    Operation viewed(long number, Map<String, Long> incarnations) {
        return new Operation(
                client,
                on,
                kind,
                call,
                System.nanoTime(),
                value,
                expect,
                version,
                false,
                member,
                incarnation,
                number,
                incarnations);
    }
}
