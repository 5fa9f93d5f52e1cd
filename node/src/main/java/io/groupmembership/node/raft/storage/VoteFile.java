package io.groupmembership.node.raft.storage;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * Ratis's {@code raft-meta}: properties without a checksum.
 *
 * @param votedFor a peer id, empty where it voted for nobody in that term
 */
record VoteFile(long term, String votedFor) {
    static final String NAME = "raft-meta";

    /** Reads the file; empty where it does not say a term and a vote. */
    static Optional<VoteFile> read(Path file) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(file, StandardCharsets.UTF_8)));
            String term = properties.getProperty("term");
            String votedFor = properties.getProperty("votedFor");
            if (term == null || votedFor == null || properties.size() != 2 || Long.parseLong(term) < 0) {
                return Optional.empty();
            }
            return Optional.of(new VoteFile(Long.parseLong(term), votedFor));
        } catch (IllegalArgumentException | java.nio.charset.CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** What Ratis reads for a peer that has voted for nobody in a term. */
    static byte[] withoutVote(long term) {
        return ("term=" + term + "\nvotedFor=\n").getBytes(StandardCharsets.US_ASCII);
    }
}
