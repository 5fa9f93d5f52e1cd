package io.groupmembership.operator.cluster;

/** A step as people read it in a condition or an event. */
final class StepWords {
    private StepWords() {}

    /** One word in CamelCase. */
    static String reason(ClusterStep step) {
        return switch (step) {
            case ClusterStep.Wait wait -> wait.reason();
            case ClusterStep.Refuse refusal -> refusal.reason();
            case ClusterStep.DrawHeartbeatSecret _,
                    ClusterStep.RaiseReplicas _,
                    ClusterStep.RecordIdentity _,
                    ClusterStep.Form _,
                    ClusterStep.RecordRecovery _,
                    ClusterStep.Recover _,
                    ClusterStep.ForgetRecovery _,
                    ClusterStep.Configure _,
                    ClusterStep.MoveLeadership _,
                    ClusterStep.LowerReplicas _,
                    ClusterStep.DeleteVolume _,
                    ClusterStep.RestartPod _,
                    ClusterStep.Done _ -> step.getClass().getSimpleName();
        };
    }

    static String of(ClusterStep step) {
        return switch (step) {
            case ClusterStep.DrawHeartbeatSecret _ -> "draw the secret that heartbeats are sealed with";
            case ClusterStep.RaiseReplicas raise -> "make pods for " + raise.replicas() + " nodes";
            case ClusterStep.RecordIdentity identity -> "found the cluster on " + identity.founder();
            case ClusterStep.Form form ->
                "tell " + form.nodeId() + (form.founder() ? " to found the cluster" : " which cluster it is of");
            case ClusterStep.RecordRecovery recovery ->
                "recover from " + recovery.survivor() + ", recovery epoch " + recovery.recoveryEpoch();
            case ClusterStep.Recover recover -> "tell " + recover.nodeId() + " to go on alone";
            case ClusterStep.ForgetRecovery _ -> "a majority takes part: take back the wish to recover";
            case ClusterStep.Configure change -> "change the Raft configuration: " + change.what();
            case ClusterStep.MoveLeadership move -> "move leadership from " + move.from() + " to " + move.to();
            case ClusterStep.LowerReplicas lower -> "take pods away, " + lower.replicas() + " stay";
            case ClusterStep.DeleteVolume volume -> "delete the volume of node " + volume.ordinal();
            case ClusterStep.RestartPod restart -> "make " + restart.nodeId() + " anew: " + restart.why();
            case ClusterStep.Wait wait -> wait.message();
            case ClusterStep.Refuse refusal -> refusal.message();
            case ClusterStep.Done _ -> "all is as asked";
        };
    }
}
