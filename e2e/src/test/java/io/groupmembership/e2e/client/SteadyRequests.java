package io.groupmembership.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Requests that are sent one after the other, again and again, until one fails. */
public final class SteadyRequests implements Started.Part {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** One of them. */
    public interface Request {
        /** Sends it; the status of the answer. */
        int send() throws IOException, InterruptedException;
    }

    private final List<Request> requests;
    private final long pauseMillis;
    private final AtomicInteger rounds = new AtomicInteger();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private volatile boolean over;

    private SteadyRequests(List<Request> requests, long pauseMillis) {
        this.requests = List.copyOf(requests);
        this.pauseMillis = pauseMillis;
    }

    /** Begins; all of them are a round. */
    public static SteadyRequests begin(List<Request> requests, Duration pause) {
        SteadyRequests steady = new SteadyRequests(requests, pause.toMillis());
        Thread.ofVirtual().name("steady requests").start(steady::run);
        return steady;
    }

    private void run() {
        while (!over && failures.isEmpty()) {
            for (int i = 0; i < requests.size(); i++) {
                try {
                    int status = requests.get(i).send();
                    if (status != 200) {
                        failures.add("request " + i + " was answered " + status);
                    }
                } catch (IOException | RuntimeException e) {
                    failures.add("request " + i + ": " + e);
                } catch (InterruptedException e) {
                    over = true;
                    Thread.currentThread().interrupt();
                }
            }
            rounds.incrementAndGet();
            pause();
        }
    }

    private void pause() {
        try {
            Thread.sleep(pauseMillis);
        } catch (InterruptedException e) {
            over = true;
        }
    }

    public boolean allSucceed() {
        return failures.isEmpty();
    }

    public int rounds() {
        return rounds.get();
    }

    /** Waits for some rounds that began after this; fails where a request has failed. */
    public void goOn() {
        int now = rounds.get();
        await("requests").atMost(LIMIT).until(() -> rounds.get() > now + 2 || !allSucceed());
        assertThat(failures).isEmpty();
    }

    @Override
    public void end() {
        over = true;
    }

    @Override
    public String lastWords() {
        return rounds + " rounds, failed: " + failures;
    }
}
