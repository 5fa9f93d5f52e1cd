package io.groupmembership.membership;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** What disks and networks do to bytes. */
final class Damage {
    private Damage() {}

    static byte[] flipped(byte[] bytes, int bit) {
        byte[] damaged = bytes.clone();
        damaged[bit / 8] ^= (byte) (1 << (bit % 8));
        return damaged;
    }

    static byte[] without(byte[] bytes, int at, int count) {
        byte[] damaged = Arrays.copyOf(bytes, bytes.length - count);
        System.arraycopy(bytes, at + count, damaged, at, bytes.length - at - count);
        return damaged;
    }

    static byte[] with(byte[] bytes, int at, byte inserted) {
        byte[] damaged = Arrays.copyOf(bytes, bytes.length + 1);
        System.arraycopy(bytes, at, damaged, at + 1, bytes.length - at);
        damaged[at] = inserted;
        return damaged;
    }

    static byte[] any(byte[] bytes, RandomGenerator random) {
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(5)) {
            case 0 -> flipped(bytes, random.nextInt(bytes.length * 8));
            case 1 -> without(bytes, at, 1 + random.nextInt(bytes.length - at));
            case 2 -> with(bytes, at, (byte) random.nextInt(256));
            case 3 -> Arrays.copyOf(bytes, at);
            default -> {
                byte[] damaged = bytes.clone();
                int end = Math.min(bytes.length, at + 1 + random.nextInt(8));
                Arrays.fill(damaged, at, end, (byte) (random.nextBoolean() ? 0xFF : random.nextInt(256)));
                yield damaged;
            }
        };
    }
}
