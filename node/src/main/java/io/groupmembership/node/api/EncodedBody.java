package io.groupmembership.node.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * One answer's hold on bytes that other answers may share. It ends once: when the bytes are on their way, or when the
 * answer that was to carry them has come to nothing.
 */
public final class EncodedBody {
    private enum State {
        HELD,
        WRITING,
        RELEASED
    }

    private final SharedBytes bytes;
    private final AtomicReference<State> state = new AtomicReference<>(State.HELD);

    /** Takes over one hold. */
    EncodedBody(SharedBytes bytes) {
        this.bytes = bytes;
    }

    /**
     * Writes the bytes and releases them when they are written.
     *
     * @param write begins to write, and says when that has ended, either way
     * @return false where the body was released before: nothing is written
     */
    public boolean write(Function<Buffer, Future<Void>> write) {
        if (!state.compareAndSet(State.HELD, State.WRITING)) {
            return false;
        }
        write.apply(bytes.buffer()).onComplete(written -> bytes.release());
        return true;
    }

    /** Gives up the bytes, unless they are being written. */
    public void release() {
        if (state.compareAndSet(State.HELD, State.RELEASED)) {
            bytes.release();
        }
    }
}
