package io.groupmembership.e2e.kubernetes;

import java.util.Arrays;

/** What users write. APPLICATION_IMAGE stands for an image with a shell. */
final class Manifests {
    /** What an application needs in a namespace with the Pod Security level restricted. */
    static final String RESTRICTED = "{runAsNonRoot: true, runAsUser: 1000, allowPrivilegeEscalation: false,"
            + " capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}}";

    private Manifests() {}

    /** In plain text and open, so that a test can ask its nodes from outside. */
    static String cluster(String name, int replicas, String... more) {
        String[] all = Arrays.copyOf(more, more.length + 1);
        all[more.length] = "security: {transport: plain, access: open}";
        return secureCluster(name, replicas, all);
    }

    /** With nothing said of its security. */
    static String secureCluster(String name, int replicas, String... more) {
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
    static String deployment(String name, String group, int replicas, String... morePodSpec) {
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
                      %4$s
                      terminationGracePeriodSeconds: 10
                      containers:
                        - name: app
                          image: APPLICATION_IMAGE
                          imagePullPolicy: IfNotPresent
                          command: [sh, -c, "trap 'exit 0' TERM; while true; do sleep 1; done"]
                          ports: [{containerPort: 8080}]
                """.formatted(name, group, replicas, String.join("\n      ", morePodSpec));
    }

    /** A group whose members are the endpoints of the Service {@code GROUP-members}. */
    static String groupWithService(String group, String cluster) {
        return """
                apiVersion: groupmembership.io/v1alpha1
                kind: Group
                metadata: {name: %1$s}
                spec: {clusterRef: {name: %2$s}, service: %1$s-members}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s-members}
                spec: {ports: [{port: 80, targetPort: 8080}]}
                """.formatted(group, cluster);
    }

    /** A Service as Kubernetes keeps it, for the pods with a label. */
    static String service(String name, String label, String value) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: %s}
                spec: {selector: {%s: %s}, ports: [{port: 80, targetPort: 8080}]}
                """.formatted(name, label, value);
    }

    static String statefulSet(String name, String group, int replicas) {
        return deployment(name, group, replicas)
                .replace("kind: Deployment", "kind: StatefulSet")
                .replace("spec:\n  replicas", "spec:\n  serviceName: " + name + "\n  replicas");
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
                    - name: app
                      image: APPLICATION_IMAGE
                      imagePullPolicy: IfNotPresent
                      command: [sleep, "3600"]
                      securityContext: %s
                """.formatted(name, RESTRICTED);
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
