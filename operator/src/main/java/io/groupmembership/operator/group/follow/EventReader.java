package io.groupmembership.operator.group.follow;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads a node's events (HTML standard, section 9.2), each as it comes: the data of one may be a view of a million
 * members, so it is read from the connection straight into the packed table and never kept as text.
 *
 * <p>Every node writes an event as {@code event:}, {@code id:} and one line of {@code data:}, in this order. What is
 * not written so is refused; types that are unknown are passed over. An event counts when its empty line has come: one
 * that was cut off is none.
 */
final class EventReader {
    private static final int LONGEST_NAME = 32;
    private static final int LONGEST_VALUE = 1024;
    private static final int MOST_DIGITS = 18;

    private final LineInput in;
    private final ViewReader views;

    /**
     * @param alive is told whenever something has come, if only a comment
     * @param mostMembers of one view
     */
    EventReader(InputStream in, Runnable alive, int mostMembers) {
        this.in = new LineInput(in, alive);
        this.views = new ViewReader(mostMembers);
    }

    /**
     * Waits for the next event.
     *
     * @return empty at the end of the stream
     * @throws IOException where the connection broke, or what came is no event
     */
    Optional<WatchEvent> next() throws IOException {
        String type = "";
        OptionalLong id = OptionalLong.empty();
        @Nullable WatchEvent event = null;
        boolean hasData = false;
        while (true) {
            if (!in.nextLine()) {
                return Optional.empty();
            }
            String field = in.fieldName(LONGEST_NAME);
            switch (field) {
                case "event" -> type = in.rest(LONGEST_VALUE);
                case "id" -> id = id(in.rest(LONGEST_VALUE));
                case "data" -> {
                    if (hasData) {
                        throw new IOException("an event has two lines of data");
                    }
                    hasData = true;
                    event = views.read(type, in);
                    in.skipRest();
                }
                case "" -> {
                    if (in.isEmptyLine()) {
                        if (event != null) {
                            return Optional.of(withId(event, id));
                        }
                        if (!hasData && type.isEmpty() && id.isPresent()) {
                            return Optional.of(new WatchEvent.Nothing(id));
                        }
                        type = "";
                        hasData = false;
                        id = OptionalLong.empty();
                    } else {
                        in.rest(LONGEST_VALUE);
                    }
                }
                default -> in.rest(LONGEST_VALUE);
            }
        }
    }

    private static WatchEvent withId(WatchEvent event, OptionalLong id) {
        return switch (event) {
            case WatchEvent.Whole whole -> new WatchEvent.Whole(whole.group(), whole.view(), whole.members(), id);
            case WatchEvent.Change change ->
                new WatchEvent.Change(change.group(), change.view(), change.joined(), change.left(), id);
            case WatchEvent.Nothing nothing -> new WatchEvent.Nothing(id);
        };
    }

    private static OptionalLong id(String text) throws IOException {
        if (text.isEmpty() || text.length() > MOST_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IOException("an event has the id '" + text + "', which is no log index");
        }
        return OptionalLong.of(Long.parseLong(text));
    }
}
