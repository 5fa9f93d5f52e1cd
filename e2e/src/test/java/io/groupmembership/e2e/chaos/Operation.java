package io.groupmembership.e2e.chaos;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/** What a client called and was answered, as the judge reads it: e2e/judge/operation.go says what the fields mean. */
@SuppressWarnings("UnusedVariable") // Jackson reads them
@JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.ANY)
final class Operation {
    private final int client;
    private final String on;
    private final String kind;
    private final long call = System.nanoTime();

    /** 0 where the client was never told what came of it. */
    @JsonProperty("return")
    private long end;

    private String value = "";
    private long expect;
    private long version;
    private boolean refused;
    private String member = "";
    private long incarnation;
    private long view;
    private Map<String, Long> members = Map.of();

    private Operation(int client, String on, String kind) {
        this.client = client;
        this.on = on;
        this.kind = kind;
    }

    /** An operation that is called now and has no end yet. */
    static Operation begin(int client, String on, String kind) {
        return new Operation(client, on, kind);
    }

    Operation ofValue(String written) {
        value = written;
        return this;
    }

    Operation expecting(long wanted) {
        expect = wanted;
        return this;
    }

    Operation ofMember(String memberId, long ofIncarnation) {
        member = memberId;
        incarnation = ofIncarnation;
        return this;
    }

    String value() {
        return value;
    }

    boolean isUnknown() {
        return end == 0;
    }

    boolean isRead() {
        return kind.equals("get") || kind.equals("view");
    }

    // ---- how it ended, now

    /** It took effect, or read this. */
    Operation done(String newValue, long newVersion) {
        value = newValue;
        version = newVersion;
        return ended();
    }

    /** Its condition did not hold. */
    Operation refused(long presentVersion) {
        refused = true;
        version = presentVersion;
        return ended();
    }

    /** It made this view. */
    Operation changed(long ofIncarnation, long newView) {
        incarnation = ofIncarnation;
        view = newView;
        return ended();
    }

    Operation viewed(long number, Map<String, Long> incarnations) {
        view = number;
        members = incarnations;
        return ended();
    }

    private Operation ended() {
        end = System.nanoTime();
        return this;
    }
}
