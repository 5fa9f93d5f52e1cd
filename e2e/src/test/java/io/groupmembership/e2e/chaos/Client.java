package io.groupmembership.e2e.chaos;

import java.io.IOException;

/** Does one thing after the other and writes down what came of it. */
interface Client {
    void next() throws IOException, InterruptedException;
}
