package io.groupmembership.crds;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator last wrote of a group: a mirror, up to a second old or more. Who needs the view asks a node.
 * Lists are empty where absent.
 *
 * @param observedGeneration the generation of the spec that this status speaks of
 * @param conditions by type, see the constants
 * @param view the view's number
 * @param members how many members the view has
 * @param leader the memberId of the first member; absent in an empty view
 * @param memberIds of the first {@value #MAX_MEMBER_IDS} members, in join order
 * @param changedAt when the view changed
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record GroupStatus(
        @Nullable Long observedGeneration,
        List<Condition> conditions,
        @Nullable Long view,
        @Nullable Integer members,
        @Nullable String leader,
        List<String> memberIds,

        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable Instant changedAt) {
    /** Condition: the group's cluster is known, allows its namespace, and keeps the group as its spec asks. */
    public static final String READY = "Ready";

    /** Condition: the status shows what the nodes say. */
    public static final String SYNCED = "Synced";

    /** Condition: the Service that the spec names has the members as its endpoints. */
    public static final String SERVICE_BOUND = "ServiceBound";

    public static final int MAX_MEMBER_IDS = 100;
    public static final GroupStatus EMPTY = builder().build();

    public GroupStatus(
            @Nullable Long observedGeneration,
            @Nullable List<Condition> conditions,
            @Nullable Long view,
            @Nullable Integer members,
            @Nullable String leader,
            @Nullable List<String> memberIds,
            @Nullable Instant changedAt) {
        this.observedGeneration = observedGeneration;
        this.conditions = conditions == null ? List.of() : List.copyOf(conditions);
        this.view = view;
        this.members = members;
        this.leader = leader;
        this.memberIds = memberIds == null ? List.of() : List.copyOf(memberIds);
        this.changedAt = changedAt;
    }

    /** A builder that begins with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.observedGeneration = observedGeneration;
        builder.conditions = conditions;
        builder.view = view;
        builder.members = members;
        builder.leader = leader;
        builder.memberIds = memberIds;
        builder.changedAt = changedAt;
        return builder;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Builds a status; what is never set, or set to null, is absent. */
    public static final class Builder {
        private @Nullable Long observedGeneration;
        private List<Condition> conditions = List.of();
        private @Nullable Long view;
        private @Nullable Integer members;
        private @Nullable String leader;
        private List<String> memberIds = List.of();
        private @Nullable Instant changedAt;

        private Builder() {}

        public Builder observedGeneration(@Nullable Long value) {
            observedGeneration = value;
            return this;
        }

        public Builder conditions(List<Condition> value) {
            conditions = value;
            return this;
        }

        public Builder view(@Nullable Long value) {
            view = value;
            return this;
        }

        public Builder members(@Nullable Integer value) {
            members = value;
            return this;
        }

        public Builder leader(@Nullable String value) {
            leader = value;
            return this;
        }

        public Builder memberIds(List<String> value) {
            memberIds = value;
            return this;
        }

        public Builder changedAt(@Nullable Instant value) {
            changedAt = value;
            return this;
        }

        public GroupStatus build() {
            return new GroupStatus(observedGeneration, conditions, view, members, leader, memberIds, changedAt);
        }
    }
}
