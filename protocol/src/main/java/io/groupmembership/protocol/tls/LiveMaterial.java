package io.groupmembership.protocol.tls;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What the files hold now. They are looked at when somebody asks, at most once in {@link #EACH}; what has changed and
 * fits together is used from then on, and anything else changes nothing and is reported once.
 */
final class LiveMaterial {
    static final Duration EACH = Duration.ofSeconds(1);

    private final TlsFiles files;
    private final Consumer<TlsException> onFailure;
    private final LongSupplier nanos;
    private final ReentrantLock reading = new ReentrantLock();
    private final AtomicLong failures = new AtomicLong();
    private volatile TlsMaterial current;
    /** A handshake that began with it ends with it. */
    private volatile Optional<TlsMaterial> previous = Optional.empty();

    private volatile long readNanos;
    /** Written under the lock only. */
    private String problem = "";

    LiveMaterial(TlsFiles files, Consumer<TlsException> onFailure, LongSupplier nanos) throws TlsException {
        this.files = files;
        this.onFailure = onFailure;
        this.nanos = nanos;
        this.readNanos = nanos.getAsLong();
        this.current = TlsMaterial.of(0, files, TlsMaterial.Texts.read(files));
    }

    /** Looks at the files where it is time; nobody waits for somebody else who does. */
    TlsMaterial now() {
        if (nanos.getAsLong() - readNanos >= EACH.toNanos() && reading.tryLock()) {
            try {
                readAgain();
            } finally {
                reading.unlock();
            }
        }
        return current;
    }

    private void readAgain() {
        readNanos = nanos.getAsLong();
        try {
            TlsMaterial.Texts texts = TlsMaterial.Texts.read(files);
            if (!texts.equals(current.texts())) {
                TlsMaterial next = TlsMaterial.of(current.version() + 1, files, texts);
                previous = Optional.of(current);
                current = next;
            }
            problem = "";
        } catch (TlsException e) {
            String message = String.valueOf(e.getMessage());
            if (!message.equals(problem)) {
                problem = message;
                failures.incrementAndGet();
                onFailure.accept(e);
            }
        }
    }

    Optional<TlsMaterial> ofVersion(long version) {
        TlsMaterial now = current;
        return now.version() == version ? Optional.of(now) : previous.filter(material -> material.version() == version);
    }

    long failures() {
        return failures.get();
    }
}
