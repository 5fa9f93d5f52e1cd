package io.groupmembership.operator.group.follow;

/** Events as a node wrote them: a cluster that was empty, then three joins, a batch, a leave and a crash. */
final class CapturedEvents {
    static final String POD_UID = "6a0f7f0e-3c1d-4f0a-8a30-0d6f8f1b2c3d";

    static final String GREETING = "retry: 1000\n\n";

    static final String EMPTY_CLUSTER = "id: 3\n\n";

    static final String FIRST_JOIN = """
            event: view
            id: 4
            data: {"namespace":"shop","group":"orders","view":1,"leader":"orders-0","joined":[{"memberId":"orders-0","address":"10.0.0.1:7000","incarnation":1,"monitor":"node-1","fenced":true,"metadata":{"kubernetes.io/node":"worker-1","kubernetes.io/pod-uid":"6a0f7f0e-3c1d-4f0a-8a30-0d6f8f1b2c3d"}}],"left":[]}

            """;

    static final String SECOND_JOIN = """
            event: view
            id: 5
            data: {"namespace":"shop","group":"orders","view":2,"leader":"orders-0","joined":[{"memberId":"plain","address":"10.0.0.2:7000","incarnation":2,"monitor":"node-1","fenced":false,"metadata":{}}],"left":[]}

            """;

    static final String BATCH = """
            event: view
            id: 6
            data: {"namespace":"shop","group":"orders","view":3,"leader":"orders-0","joined":[{"memberId":"b1","address":"10.0.0.3:1","incarnation":3,"monitor":"node-1","fenced":false,"metadata":{}},{"memberId":"b2","address":"10.0.0.4:1","incarnation":4,"monitor":"node-1","fenced":false,"metadata":{}}],"left":[]}

            """;

    static final String LEAVE = """
            event: view
            id: 8
            data: {"namespace":"shop","group":"orders","view":4,"leader":"orders-0","joined":[],"left":[{"memberId":"plain","incarnation":2,"reason":"left"}]}

            """;

    static final String KEEPALIVE = ": keepalive\n\n";

    static final String CRASH = """
            event: view
            id: 9
            data: {"namespace":"shop","group":"orders","view":5,"leader":"b1","joined":[],"left":[{"memberId":"orders-0","incarnation":1,"reason":"crashed"}]}

            """;

    /** {@code snapshot} or {@code reset}: all that there was then. */
    static String everything(String type) {
        return """
                event: TYPE
                data: {"namespace":"shop","group":"carts","view":1,"leader":"c1","members":[{"memberId":"c1","address":"10.0.0.2:7000","incarnation":5,"monitor":"node-1","fenced":false,"metadata":{}}]}

                event: TYPE
                id: 10
                data: {"namespace":"shop","group":"orders","view":5,"leader":"b1","members":[{"memberId":"b1","address":"10.0.0.3:1","incarnation":3,"monitor":"node-1","fenced":false,"metadata":{}},{"memberId":"b2","address":"10.0.0.4:1","incarnation":4,"monitor":"node-1","fenced":false,"metadata":{}}]}

                """.replace("TYPE", type);
    }

    private CapturedEvents() {}
}
