package io.groupmembership.operator.group.follow;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.groupmembership.protocol.Names;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads the data of events, {@link io.groupmembership.protocol.api.View} and {@link
 * io.groupmembership.protocol.api.ViewChange} in JSON, token by token. Fields that it does not know are passed over.
 * Names that are none are refused: they become names of Kubernetes objects.
 */
final class ViewReader {
    /** The metadata in which an agent tells the UID of its pod. */
    static final String POD_UID = "kubernetes.io/pod-uid";

    private static final int LONGEST_TEXT = 16 * 1024;
    private static final int DEEPEST = 16;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(LONGEST_TEXT)
                    .maxNameLength(LONGEST_TEXT)
                    .maxNestingDepth(DEEPEST)
                    .build())
            .build();

    private final int mostMembers;

    ViewReader(int mostMembers) {
        this.mostMembers = mostMembers;
    }

    /**
     * Reads one line of data.
     *
     * @return the event, without an id; null where its type is none that a follower needs
     */
    @Nullable WatchEvent read(String type, InputStream line) throws IOException {
        boolean whole = type.equals("snapshot") || type.equals("reset");
        if (!whole && !type.equals("view")) {
            return null;
        }
        String namespace = "";
        String group = "";
        long view = -1;
        MemberTable members = new MemberTable();
        List<MirroredMember> joined = new ArrayList<>();
        List<Departure> left = new ArrayList<>();
        try (JsonParser json = FACTORY.createParser(line)) {
            expect(json.nextToken(), JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                switch (field) {
                    case "namespace" -> namespace = json.getText();
                    case "group" -> group = json.getText();
                    case "view" -> view = json.getLongValue();
                    case "members" -> {
                        expect(value, JsonToken.START_ARRAY);
                        while (json.nextToken() != JsonToken.END_ARRAY) {
                            if (members.size() >= mostMembers) {
                                throw new IOException("a view has more than " + mostMembers + " members");
                            }
                            MirroredMember member = member(json);
                            if (!members.add(member)) {
                                throw new IOException("the view of " + namespace + "/" + group
                                        + " is not in join order at " + member.memberId());
                            }
                        }
                    }
                    case "joined" -> {
                        expect(value, JsonToken.START_ARRAY);
                        while (json.nextToken() != JsonToken.END_ARRAY) {
                            if (joined.size() >= mostMembers) {
                                throw new IOException("a change has more than " + mostMembers + " members");
                            }
                            joined.add(member(json));
                        }
                    }
                    case "left" -> {
                        expect(value, JsonToken.START_ARRAY);
                        while (json.nextToken() != JsonToken.END_ARRAY) {
                            left.add(departure(json));
                        }
                    }
                    default -> json.skipChildren();
                }
            }
        }
        check(namespace, group, view);
        GroupKey key = new GroupKey(namespace, group);
        if (whole) {
            members.trim();
            return new WatchEvent.Whole(key, view, members, OptionalLong.empty());
        }
        return new WatchEvent.Change(key, view, List.copyOf(joined), List.copyOf(left), OptionalLong.empty());
    }

    private static MirroredMember member(JsonParser json) throws IOException {
        String memberId = "";
        long incarnation = -1;
        Optional<UUID> podUid = Optional.empty();
        expect(json.currentToken(), JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "memberId" -> memberId = json.getText();
                case "incarnation" -> incarnation = json.getLongValue();
                case "metadata" -> {
                    expect(value, JsonToken.START_OBJECT);
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        String key = json.currentName();
                        json.nextToken();
                        if (key.equals(POD_UID)) {
                            podUid = uid(json.getText());
                        } else {
                            json.skipChildren();
                        }
                    }
                }
                default -> json.skipChildren();
            }
        }
        checkMember(memberId, incarnation);
        return new MirroredMember(memberId, incarnation, podUid);
    }

    private static Departure departure(JsonParser json) throws IOException {
        String memberId = "";
        long incarnation = -1;
        String reason = "";
        expect(json.currentToken(), JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "memberId" -> memberId = json.getText();
                case "incarnation" -> incarnation = json.getLongValue();
                case "reason" -> reason = json.getText();
                default -> json.skipChildren();
            }
        }
        checkMember(memberId, incarnation);
        return new Departure(memberId, incarnation, reason);
    }

    private static void checkMember(String memberId, long incarnation) throws IOException {
        if (incarnation < 0 || Names.memberIdProblem(memberId).isPresent()) {
            throw new IOException("an event has a member without a proper id or incarnation");
        }
    }

    /** A text that is no UID, which any process may have put there, is no pod. */
    private static Optional<UUID> uid(String text) {
        try {
            UUID uid = UUID.fromString(text);
            return uid.toString().equals(text) ? Optional.of(uid) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static void check(String namespace, String group, long view) throws IOException {
        if (view < 0
                || Names.namespaceProblem(namespace).isPresent()
                || Names.groupProblem(group).isPresent()) {
            throw new IOException("an event has no proper namespace, group and view");
        }
    }

    private static void expect(@Nullable JsonToken found, JsonToken wanted) throws IOException {
        if (found != wanted) {
            throw new IOException("an event has " + found + " where " + wanted + " is expected");
        }
    }
}
