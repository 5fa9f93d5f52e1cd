package io.groupmembership.e2e.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * What the tests of a class have started: ended after the class whatever came of it, the last started first, and when
 * this JVM is asked to end. Where a test fails, each says its last words first.
 */
public final class Started
        implements AfterAllCallback, TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {
    private static final List<Part> PARTS = new CopyOnWriteArrayList<>();

    static {
        // most conditions hold soon, and some hold already
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
        Runtime.getRuntime().addShutdownHook(new Thread(Started::endAll, "end-processes"));
    }

    /** One thing that was started. */
    public interface Part {
        /** Ends it now; does nothing where it has ended. */
        void end();

        /** What it printed last, for the person who looks for the reason of a failure. */
        String lastWords();
    }

    public static <T extends Part> T add(T part) {
        PARTS.add(part);
        return part;
    }

    private static void endAll() {
        List<Part> parts = new ArrayList<>(PARTS);
        PARTS.clear();
        RuntimeException failure = null;
        for (Part part : parts.reversed()) {
            try {
                part.end();
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        endAll();
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        explain(context, failure);
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        explain(context, failure);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        explain(context, failure);
    }

    private static void explain(ExtensionContext context, Throwable failure) throws Throwable {
        if (!(failure instanceof TestAbortedException)) {
            System.out.println("---- " + context.getDisplayName() + " failed; what its processes said last:");
            PARTS.forEach(part -> System.out.println(part.lastWords()));
            System.out.println("----");
        }
        throw failure;
    }
}
