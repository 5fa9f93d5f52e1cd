package io.groupmembership.e2e.kubernetes;

/** What users write. APPLICATION_IMAGE stands for an image with a shell. */
final class Manifests {
    private Manifests() {}

    static String cluster(String name, int replicas, String... more) {
        return """
                apiVersion: groupmembership.io/v1alpha1
                kind: GroupMembershipCluster
                metadata: {name: %s}
                spec:
                  replicas: %d
                  %s
                """.formatted(name, replicas, String.join("\n  ", more));
    }

    /** Pods of an application that is in a group. */
    static String deployment(String name, String group, int replicas) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s}
                spec:
                  replicas: %3$d
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s, groupmembership.io/group: %2$s}}
                    spec:
                      terminationGracePeriodSeconds: 10
                      containers:
                        - name: app
                          image: APPLICATION_IMAGE
                          imagePullPolicy: IfNotPresent
                          command: [sh, -c, "trap 'exit 0' TERM; while true; do sleep 1; done"]
                          ports: [{containerPort: 8080}]
                """.formatted(name, group, replicas);
    }

    /** A pod that is in no group. */
    static String plainPod(String name) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, labels: {app: plain}}
                spec:
                  terminationGracePeriodSeconds: 0
                  containers:
                    - {name: app, image: APPLICATION_IMAGE, imagePullPolicy: IfNotPresent, command: [sleep, "3600"]}
                """.formatted(name);
    }

    static String job(String name, String group) {
        return """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: %1$s}
                spec:
                  backoffLimit: 0
                  template:
                    metadata: {labels: {app: %1$s, groupmembership.io/group: %2$s}}
                    spec:
                      restartPolicy: Never
                      containers:
                        - name: app
                          image: APPLICATION_IMAGE
                          imagePullPolicy: IfNotPresent
                          command: [sh, -c, "sleep 5"]
                """.formatted(name, group);
    }
}
