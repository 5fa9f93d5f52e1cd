package io.groupmembership.membership;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The members of one group: in join order, and by id.
 *
 * <p>Incarnations grow with each join, so join order is the order of incarnations: chunks of at most
 * {@value #CHUNK} members, each sorted, where a membership is found by binary search and taken out without moving more
 * than one chunk. Ids are found in an open-addressed table of references to the same objects (linear probing, at most
 * two thirds full, deletion by shifting back). Both together cost 10 to 18 bytes a member.
 */
final class MemberTable {
    private static final int CHUNK = 512;

    private final List<Chunk> chunks = new ArrayList<>();
    private @Nullable Member[] slots = new @Nullable Member[8];
    private int size;

    private static final class Chunk {
        private Member[] members = new Member[4];
        private int count;

        private int find(long incarnation) {
            int low = 0;
            int high = count - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                long found = members[middle].incarnation();
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
        return slots[slotOf(spec.idBytes(), spec.idHash())];
    }

    /** The member that joined first. */
    Optional<Member> first() {
        return chunks.isEmpty() ? Optional.empty() : Optional.of(chunks.getFirst().members[0]);
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
            grow();
        } else {
            slots[slotOf(member.spec().idBytes(), member.spec().idHash())] = member;
        }
    }

    /** Takes a member out that is in. */
    void remove(Member member) {
        int chunkIndex = chunkOf(member.incarnation());
        Chunk chunk = chunks.get(chunkIndex);
        int at = chunk.find(member.incarnation());
        System.arraycopy(chunk.members, at + 1, chunk.members, at, chunk.count - at - 1);
        chunk.count--;
        if (chunk.count == 0) {
            chunks.remove(chunkIndex);
        } else {
            // nothing reads past the count; what is there must not keep the removed one alive
            chunk.members[chunk.count] = chunk.members[0];
        }
        size--;
        closeGap(slotOf(member.spec().idBytes(), member.spec().idHash()));
    }

    /** Puts a new object in the place of the one with the same id and incarnation. */
    void replace(Member member) {
        Chunk chunk = chunks.get(chunkOf(member.incarnation()));
        chunk.members[chunk.find(member.incarnation())] = member;
        slots[slotOf(member.spec().idBytes(), member.spec().idHash())] = member;
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
                visitor.accept(chunk.members[i]);
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
        return at < 0 ? Optional.empty() : Optional.of(chunk.members[at]);
    }

    /** The index of the last chunk that does not begin behind the incarnation, or 0. */
    private int chunkOf(long incarnation) {
        int low = 0;
        int high = chunks.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (chunks.get(middle).members[0].incarnation() <= incarnation) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The slot that has this id, or else the empty slot where it belongs. */
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

    private void grow() {
        slots = new @Nullable Member[slots.length * 2];
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
}
