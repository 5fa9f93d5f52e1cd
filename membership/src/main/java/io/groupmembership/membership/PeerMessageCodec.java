package io.groupmembership.membership;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The bytes of a message between nodes: version 1 (1 byte), a tag, then fields. */
public final class PeerMessageCodec {
    /** More than are sent in one message. */
    public static final int MOST = 5_000;

    private static final int VERSION = 1;
    private static final int TEXT_BYTES = 4_096;

    private PeerMessageCodec() {}

    public static byte[] encode(PeerMessage message) {
        WireWriter out = new WireWriter(256);
        out.putByte(VERSION);
        switch (message) {
            case PeerMessage.Report(Command.Beat beat, Map<GroupKey, Integer> missing) -> {
                EntryCodec.write(out.putByte(1), beat);
                out.putSize(missing.size());
                missing.forEach((group, members) -> {
                    EntryCodec.write(out, group);
                    out.putSize(members);
                });
            }
            case PeerMessage.Suspicions(List<Command.Target> targets) -> {
                out.putByte(2).putSize(targets.size(), MOST);
                targets.forEach(target -> EntryCodec.write(out, target));
            }
            case PeerMessage.Questions(String asker, List<PeerMessage.Question> questions) -> {
                out.putByte(3).putString(asker, TEXT_BYTES).putSize(questions.size(), MOST);
                questions.forEach(question -> {
                    EntryCodec.write(out, question.group());
                    out.putString(question.memberId(), TEXT_BYTES)
                            .putLong(question.incarnation())
                            .putSize(question.assignmentEpoch());
                });
            }
            case PeerMessage.Findings(String by, List<PeerMessage.Finding> findings) -> {
                out.putByte(4).putString(by, TEXT_BYTES).putSize(findings.size(), MOST);
                findings.forEach(finding -> out.putLong(finding.incarnation())
                        .putSize(finding.assignmentEpoch())
                        .putBoolean(finding.reached()));
            }
        }
        return out.toByteArray();
    }

    /** @throws CorruptDataException where the bytes are none, or of another version */
    public static PeerMessage decode(byte[] bytes) {
        WireReader in = new WireReader(bytes);
        int version = in.getByte();
        if (version != VERSION) {
            throw new CorruptDataException("a message of version " + version + ", and this node reads " + VERSION);
        }
        PeerMessage message = read(in);
        if (!in.atEnd()) {
            throw new CorruptDataException("bytes behind a message");
        }
        return message;
    }

    private static PeerMessage read(WireReader in) {
        int tag = in.getByte();
        return switch (tag) {
            case 1 -> {
                Command.Beat beat = EntryCodec.readBeat(in);
                Map<GroupKey, Integer> missing = new HashMap<>();
                for (int left = in.getSize(Integer.MAX_VALUE); left > 0; left--) {
                    missing.put(EntryCodec.readGroup(in), in.getSize(Integer.MAX_VALUE));
                }
                yield new PeerMessage.Report(beat, missing);
            }
            case 2 -> {
                List<Command.Target> targets = new ArrayList<>();
                for (int left = in.getSize(MOST); left > 0; left--) {
                    targets.add(EntryCodec.readTarget(in));
                }
                yield new PeerMessage.Suspicions(targets);
            }
            case 3 -> {
                String asker = in.getString(TEXT_BYTES);
                List<PeerMessage.Question> questions = new ArrayList<>();
                for (int left = in.getSize(MOST); left > 0; left--) {
                    questions.add(new PeerMessage.Question(
                            EntryCodec.readGroup(in),
                            in.getString(TEXT_BYTES),
                            in.getLong(),
                            in.getSize(Integer.MAX_VALUE)));
                }
                yield new PeerMessage.Questions(asker, questions);
            }
            case 4 -> {
                String by = in.getString(TEXT_BYTES);
                List<PeerMessage.Finding> findings = new ArrayList<>();
                for (int left = in.getSize(MOST); left > 0; left--) {
                    findings.add(new PeerMessage.Finding(in.getLong(), in.getSize(Integer.MAX_VALUE), in.getBoolean()));
                }
                yield new PeerMessage.Findings(by, findings);
            }
            default -> throw new CorruptDataException("no message has the tag " + tag);
        };
    }
}
