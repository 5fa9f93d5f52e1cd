package io.groupmembership.e2e.processes;

import io.groupmembership.e2e.client.Started;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file system of a few megabytes, in memory, mounted where a test wants it. */
public final class SmallDisk implements Started.Part {
    private static final String FILLER = "filler";
    private static final int CHUNK_BYTES = 64 * 1024;

    private final Path place;
    private boolean mounted = true;

    private SmallDisk(Path place) {
        this.place = place;
    }

    /** Empty where this user can't mount one. */
    public static Optional<SmallDisk> mount(Path place, int megabytes) throws IOException, InterruptedException {
        Files.createDirectories(place);
        int status = Tool.status("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "gm-e2e", place.toString());
        return status == 0 ? Optional.of(Started.add(new SmallDisk(place))) : Optional.empty();
    }

    /** Takes all the space but some. */
    void fillAllBut(int bytes) throws IOException {
        long free = Files.getFileStore(place).getUsableSpace();
        byte[] chunk = new byte[CHUNK_BYTES];
        try (RandomAccessFile filler =
                new RandomAccessFile(place.resolve(FILLER).toFile(), "rw")) {
            for (long left = free - bytes; left > 0; left -= chunk.length) {
                filler.write(chunk, 0, (int) Math.min(left, chunk.length));
            }
        }
    }

    /** Takes all the space, also where somebody else is writing and deleting. */
    public void fill() throws IOException {
        try {
            fillAllBut(0);
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left on device")) {
                throw e;
            }
        }
    }

    public void free() throws IOException {
        Files.deleteIfExists(place.resolve(FILLER));
    }

    @Override
    public void end() {
        if (!mounted) {
            return;
        }
        mounted = false;
        try {
            if (Tool.status("umount", place.toString()) != 0) {
                throw new IllegalStateException(place + " can't be unmounted");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String lastWords() {
        return place + (mounted ? " is" : " was") + " a small disk";
    }
}
