package io.groupmembership.node.api;

import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicInteger;

/** Bytes outside the heap that several {@link EncodedBody bodies} share: the last one to be released frees them. */
final class SharedBytes {
    private final Buffer buffer;
    private final Runnable free;
    private final AtomicInteger holds = new AtomicInteger(1);

    /** Begins with one hold. */
    SharedBytes(Buffer buffer, Runnable free) {
        this.buffer = buffer;
        this.free = free;
    }

    Buffer buffer() {
        return buffer;
    }

    /** Takes another hold; false where the last one is gone already. */
    boolean retain() {
        return holds.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    void release() {
        if (holds.decrementAndGet() == 0) {
            free.run();
        }
    }
}
