package io.groupmembership.e2e.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/** What is done to a rig. {@link Rig#makeWhole} ends all of it. */
enum Fault {
    /** kill -9 of one node, of the leader as often as of another. */
    KILL {
        @Override
        String strike(Rig rig, SplittableRandom random) throws InterruptedException {
            RigNode node = oneOrLeader(rig, random);
            rig.kill(node);
            return node.nodeId;
        }
    },

    /** kill -9 of two, or of all, so that nobody has a majority. */
    KILL_MAJORITY {
        @Override
        String strike(Rig rig, SplittableRandom random) {
            List<RigNode> nodes = some(rig, 2 + random.nextInt(2), random);
            nodes.forEach(rig::kill);
            return names(nodes);
        }
    },

    /** SIGSTOP; they go on where they were. */
    PAUSE {
        @Override
        String strike(Rig rig, SplittableRandom random) throws IOException, InterruptedException {
            List<RigNode> nodes = random.nextInt(3) > 0 ? List.of(oneOrLeader(rig, random)) : some(rig, 2, random);
            for (RigNode node : nodes) {
                node.pause();
            }
            return names(nodes);
        }
    },

    /** Two parts that don't hear each other; clients hear all. */
    PARTITION {
        @Override
        String strike(Rig rig, SplittableRandom random) throws IOException, InterruptedException {
            List<RigNode> side = some(rig, 1, random);
            return apart(rig, side);
        }
    },

    /** The leader is cut off from the other nodes, and clients still ask it. */
    LEADER_CUT_OFF {
        @Override
        String strike(Rig rig, SplittableRandom random) throws IOException, InterruptedException {
            return apart(rig, List.of(rig.leader().orElse(rig.node(1))));
        }
    },

    /** One node is not heard by another, or by all others, and hears them. */
    ONE_WAY {
        @Override
        String strike(Rig rig, SplittableRandom random) throws IOException, InterruptedException {
            RigNode mute = oneOrLeader(rig, random);
            boolean fully = random.nextBoolean();
            for (RigNode other : rig.running()) {
                if (other != mute) {
                    rig.network.cut(mute.place, other.place);
                    if (!fully) {
                        return mute.nodeId + " to " + other.nodeId;
                    }
                }
            }
            return mute.nodeId + " to all";
        }
    },

    /** Up to a third of what nodes send to each other. */
    LOSS {
        @Override
        String strike(Rig rig, SplittableRandom random) throws IOException, InterruptedException {
            double share = random.nextDouble(0.02, 0.33);
            for (RigNode from : rig.running()) {
                for (RigNode to : rig.running()) {
                    if (from != to) {
                        rig.network.lose(from.place, to.place, share);
                    }
                }
            }
            return String.format(Locale.ROOT, "%.0f %%", 100 * share);
        }
    },

    /** The time of day of one node is set, by up to an hour. */
    CLOCK {
        @Override
        String strike(Rig rig, SplittableRandom random) throws IOException, InterruptedException {
            RigNode node = oneOrLeader(rig, random);
            Duration ahead = Duration.ofSeconds(random.nextLong(-3600, 3600));
            rig.setClock(node, ahead);
            return node.nodeId + " by " + ahead;
        }
    },

    /** No space left: for a node that runs, or for one that starts. */
    FULL_DISK {
        @Override
        String strike(Rig rig, SplittableRandom random) throws IOException, InterruptedException {
            RigNode node = oneOrLeader(rig, random);
            rig.fillDisk(node);
            if (random.nextBoolean()) {
                return node.nodeId;
            }
            rig.kill(node);
            rig.start(node);
            return node.nodeId + " as it starts";
        }
    },

    /** fsync fails. */
    FAILING_DISK {
        @Override
        String strike(Rig rig, SplittableRandom random) throws IOException, InterruptedException {
            RigNode node = oneOrLeader(rig, random);
            rig.failDisk(node);
            return node.nodeId;
        }
    },

    /** fsync takes up to a second longer. */
    SLOW_DISK {
        @Override
        String strike(Rig rig, SplittableRandom random) throws IOException, InterruptedException {
            RigNode node = oneOrLeader(rig, random);
            Duration longer = Duration.ofMillis(random.nextLong(50, 1_000));
            rig.slowDisk(node, longer);
            return node.nodeId + " by " + longer.toMillis() + " ms";
        }
    },

    /** A node ends, its volume is lost, and it comes in as a new peer. */
    WIPE {
        @Override
        String strike(Rig rig, SplittableRandom random) throws IOException, InterruptedException {
            RigNode node = oneOrLeader(rig, random);
            rig.kill(node);
            node.wipe();
            rig.start(node);
            return node.nodeId;
        }
    },

    /** From three to five nodes, and back. */
    SCALE {
        @Override
        String strike(Rig rig, SplittableRandom random) throws InterruptedException {
            List<RigNode> five = new ArrayList<>();
            for (int place = 1; place <= Rig.PLACES; place++) {
                five.add(rig.node(place));
            }
            return rig.bringIn(five, Duration.ofSeconds(15)).orElse("five nodes");
        }
    },

    /** Another node is made the leader. */
    TRANSFER {
        @Override
        String strike(Rig rig, SplittableRandom random) throws IOException, InterruptedException {
            Optional<RigNode> leader = rig.leader();
            RigNode to = some(rig, 1, random).getFirst();
            return leader.isPresent()
                    ? to.nodeId + " " + Configuration.transfer(leader.get(), to).status()
                    : "nobody leads";
        }
    };

    /** Begins it; returns what was drawn. */
    abstract String strike(Rig rig, SplittableRandom random) throws IOException, InterruptedException;

    /** Its name as people read it. */
    String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static RigNode oneOrLeader(Rig rig, SplittableRandom random) throws InterruptedException {
        RigNode any = some(rig, 1, random).getFirst();
        return random.nextBoolean() ? rig.leader().orElse(any) : any;
    }

    private static List<RigNode> some(Rig rig, int count, SplittableRandom random) {
        List<RigNode> left = new ArrayList<>(rig.usual());
        while (left.size() > count) {
            left.remove(random.nextInt(left.size()));
        }
        return left;
    }

    private static String apart(Rig rig, List<RigNode> side) throws IOException, InterruptedException {
        for (RigNode here : side) {
            for (RigNode there : rig.running()) {
                if (!side.contains(there)) {
                    rig.network.part(here.place, there.place);
                }
            }
        }
        return names(side);
    }

    private static String names(List<RigNode> nodes) {
        return String.join(", ", nodes.stream().map(node -> node.nodeId).toList());
    }
}
