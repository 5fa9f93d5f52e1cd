package io.groupmembership.membership;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The members of one group: in join order, and by id.
 *
 * <p>Incarnations grow with each join, so join order is the order of incarnations: chunks of at most
 * {@value #CHUNK} members, each sorted, where a membership is found by binary search and taken out without moving more
 * than one chunk. Ids are found in an open-addressed table of references to the same objects (linear probing, at most
 * two thirds full, deletion by shifting back). Both together cost 10 to 18 bytes a member, and shrink as it does.
 */
final class MemberTable {
    private static final int CHUNK = 512;
    private static final int SMALLEST_CHUNK = 4;
    private static final int SMALLEST_TABLE = 8;

    private final List<Chunk> chunks = new ArrayList<>();
    private @Nullable Member[] slots = new @Nullable Member[SMALLEST_TABLE];
    private int size;

    /** Nothing behind the count: who is gone must not be held on to. */
    private static final class Chunk {
        private @Nullable Member[] members = new @Nullable Member[SMALLEST_CHUNK];
        private int count;

        private Member at(int index) {
            return Objects.requireNonNull(members[index]);
        }

        private void append(Chunk other) {
            if (members.length < count + other.count) {
                members = Arrays.copyOf(members, Math.min(CHUNK, Math.max(2 * members.length, count + other.count)));
            }
            System.arraycopy(other.members, 0, members, count, other.count);
            count += other.count;
        }

        private int find(long incarnation) {
            int low = 0;
            int high = count - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                long found = at(middle).incarnation();
                if (found == incarnation) {
                    return middle;
                }
                if (found < incarnation) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
            return -1;
        }
    }

    int size() {
        return size;
    }

    Optional<Member> find(String memberId) {
        byte[] id = MemberSpec.idBytes(memberId);
        return Optional.ofNullable(slots[slotOf(id, MemberSpec.hash(id))]);
    }

    /** The same as {@link #find} for the id of this spec. */
    @Nullable Member sameId(MemberSpec spec) {
        return slots[slotOf(spec)];
    }

    /** The member that joined first. */
    Optional<Member> first() {
        return chunks.isEmpty()
                ? Optional.empty()
                : Optional.of(chunks.getFirst().at(0));
    }

    /** Adds a member whose id is not in, and whose incarnation is larger than all that are. */
    void add(Member member) {
        Chunk last = chunks.isEmpty() ? null : chunks.getLast();
        if (last == null || last.count == CHUNK) {
            last = new Chunk();
            chunks.add(last);
        }
        if (last.count == last.members.length) {
            last.members = Arrays.copyOf(last.members, Math.min(CHUNK, last.count * 2));
        }
        last.members[last.count++] = member;
        size++;
        if (size * 3 > slots.length * 2) {
            rehash(slots.length * 2);
        } else {
            slots[slotOf(member.spec())] = member;
        }
    }

    /** Takes a member out that is in. */
    void remove(Member member) {
        int chunkIndex = chunkOf(member.incarnation());
        Chunk chunk = chunks.get(chunkIndex);
        int at = chunk.find(member.incarnation());
        System.arraycopy(chunk.members, at + 1, chunk.members, at, chunk.count - at - 1);
        chunk.members[--chunk.count] = null;
        if (chunk.count == 0) {
            chunks.remove(chunkIndex);
        } else {
            mend(chunkIndex);
        }
        size--;
        if (slots.length > SMALLEST_TABLE && size * 6 < slots.length) {
            rehash(slots.length / 2);
        } else {
            closeGap(slotOf(member.spec()));
        }
    }

    /** Joins a chunk that has become small to a small one beside it, and gives back room that it no longer needs. */
    private void mend(int index) {
        Chunk chunk = chunks.get(index);
        if (index > 0 && chunks.get(index - 1).count + chunk.count <= CHUNK / 2) {
            chunks.get(index - 1).append(chunk);
            chunks.remove(index);
        } else if (index + 1 < chunks.size() && chunks.get(index + 1).count + chunk.count <= CHUNK / 2) {
            chunk.append(chunks.get(index + 1));
            chunks.remove(index + 1);
        } else if (chunk.members.length > SMALLEST_CHUNK && chunk.count * 4 <= chunk.members.length) {
            chunk.members = Arrays.copyOf(chunk.members, Math.max(SMALLEST_CHUNK, chunk.count * 2));
        }
    }

    /** Puts a new object in the place of the one with the same id and incarnation. */
    void replace(Member member) {
        Chunk chunk = chunks.get(chunkOf(member.incarnation()));
        chunk.members[chunk.find(member.incarnation())] = member;
        slots[slotOf(member.spec())] = member;
    }

    /** The members in join order, in an array of the caller's own. */
    Member[] toArray() {
        Member[] all = new Member[size];
        int at = 0;
        for (Chunk chunk : chunks) {
            System.arraycopy(chunk.members, 0, all, at, chunk.count);
            at += chunk.count;
        }
        return all;
    }

    /** Visits the members in join order; the visitor must not change the table. */
    void forEach(Consumer<Member> visitor) {
        for (Chunk chunk : chunks) {
            for (int i = 0; i < chunk.count; i++) {
                visitor.accept(chunk.at(i));
            }
        }
    }

    /** The member with this incarnation, where it is in. */
    Optional<Member> byIncarnation(long incarnation) {
        if (chunks.isEmpty()) {
            return Optional.empty();
        }
        Chunk chunk = chunks.get(chunkOf(incarnation));
        int at = chunk.find(incarnation);
        return at < 0 ? Optional.empty() : Optional.of(chunk.at(at));
    }

    /** The index of the last chunk that does not begin behind the incarnation, or 0. */
    private int chunkOf(long incarnation) {
        int low = 0;
        int high = chunks.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (chunks.get(middle).at(0).incarnation() <= incarnation) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The slot that has the id of this spec, or else the empty slot where it belongs. */
    private int slotOf(MemberSpec spec) {
        int mask = slots.length - 1;
        int slot = spec.idHash() & mask;
        for (Member there = slots[slot]; there != null; there = slots[slot]) {
            if (there.spec().idHash() == spec.idHash() && there.spec().hasIdOf(spec)) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private int slotOf(byte[] id, int hash) {
        int mask = slots.length - 1;
        int slot = hash & mask;
        for (Member there = slots[slot]; there != null; there = slots[slot]) {
            if (there.spec().idHash() == hash && there.spec().hasId(id)) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void rehash(int length) {
        slots = new @Nullable Member[length];
        int mask = slots.length - 1;
        forEach(member -> {
            int slot = member.spec().idHash() & mask;
            while (slots[slot] != null) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = member;
        });
    }

    /** Empties a slot and moves up what probing would no longer reach (Knuth, vol. 3, algorithm 6.4R). */
    private void closeGap(int emptied) {
        int mask = slots.length - 1;
        int gap = emptied;
        int slot = gap;
        while (true) {
            slot = (slot + 1) & mask;
            Member there = slots[slot];
            if (there == null) {
                break;
            }
            int home = there.spec().idHash() & mask;
            if (((slot - home) & mask) >= ((slot - gap) & mask)) {
                slots[gap] = there;
                gap = slot;
            }
        }
        slots[gap] = null;
    }

    /** How many references it has room for. */
    int capacity() {
        return slots.length
                + chunks.stream().mapToInt(chunk -> chunk.members.length).sum();
    }

    /** Everyone that it keeps alive: nobody but its members. */
    Set<Member> referenced() {
        Set<Member> referenced = Collections.newSetFromMap(new IdentityHashMap<>());
        chunks.forEach(chunk -> referenced.addAll(Arrays.asList(chunk.members)));
        referenced.addAll(Arrays.asList(slots));
        referenced.remove(null);
        return referenced;
    }
}
