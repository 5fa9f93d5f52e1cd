package io.groupmembership.e2e.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Strikes, waits, makes whole, and strikes again, as a seed says, until its time is over. */
final class Nemesis {
    private final Rig rig;
    private final List<Fault> faults;
    private final SplittableRandom random;
    private final List<String> strikes = new ArrayList<>();

    /** @param faults what it may do; with several, up to three of them at a time */
    Nemesis(Rig rig, List<Fault> faults, long seed) {
        this.rig = rig;
        this.faults = List.copyOf(faults);
        this.random = new SplittableRandom(seed);
    }

    /** Returns with the rig whole. */
    void run(Duration time) throws IOException, InterruptedException {
        long endNanos = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - endNanos < 0) {
            rest(500, 3_000);
            strike();
            rig.makeWhole();
        }
    }

    private void strike() throws IOException, InterruptedException {
        List<Fault> left = new ArrayList<>(faults);
        int count = Math.min(left.size(), 1 + random.nextInt(3));
        for (int i = 0; i < count; i++) {
            Fault fault = left.remove(random.nextInt(left.size()));
            if (fault == Fault.WIPE) {
                // a second volume that is lost would be a majority
                left.remove(Fault.SCALE);
            }
            strikes.add(fault.words() + " " + fault.strike(rig, random));
            rest(300, 6_000);
        }
    }

    private void rest(long fromMillis, long toMillis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(random.nextLong(fromMillis, toMillis));
    }

    /** What it did, one after the other. */
    List<String> strikes() {
        return List.copyOf(strikes);
    }
}
