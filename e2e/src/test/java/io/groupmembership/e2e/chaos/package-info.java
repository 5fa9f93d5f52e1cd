/**
 * Clusters under faults, judged by a tool that is not ours.
 *
 * <p>{@link io.groupmembership.e2e.chaos.Rig} is a cluster of node processes, each in a network namespace of its own;
 * {@link io.groupmembership.e2e.chaos.Nemesis} does to it what a seed says; clients write down what they asked and were
 * answered in a {@link io.groupmembership.e2e.chaos.History}, and {@link io.groupmembership.e2e.chaos.Judge} says whether
 * it is linearizable.
 */
@NullMarked
package io.groupmembership.e2e.chaos;

import org.jspecify.annotations.NullMarked;
