package io.groupmembership.cli.bench;

import java.util.function.LongConsumer;

/**
 * The ids of the events in an event stream, from bytes that arrive in any pieces. It looks at nothing but {@code id:}
 * and {@code data:} lines and the empty lines that end events, so that one thread can follow ten thousand streams.
 */
final class EventIds implements ResponseParser.Body {
    private static final int NAME_BYTES = 5;

    private final LongConsumer ids;
    private final byte[] name = new byte[NAME_BYTES];
    private int column;
    private long number;
    private boolean isId;
    private boolean hasData;
    private boolean afterReturn;

    /** @param ids hears the id of each event that has data, as a number */
    EventIds(LongConsumer ids) {
        this.ids = ids;
    }

    @Override
    public void accept(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            byte b = bytes[i];
            boolean secondOfPair = b == '\n' && afterReturn;
            afterReturn = b == '\r';
            if (secondOfPair) {
                continue;
            }
            if (b == '\n' || b == '\r') {
                endLine();
            } else {
                inLine(b);
            }
        }
    }

    private void inLine(byte b) {
        if (column < NAME_BYTES) {
            name[column] = b;
            if (column == 2 && name[0] == 'i' && name[1] == 'd' && b == ':') {
                isId = true;
                number = 0;
                column++;
                return;
            }
            if (column == 4 && name[0] == 'd' && name[1] == 'a' && name[2] == 't' && name[3] == 'a' && b == ':') {
                hasData = true;
            }
        }
        if (isId && b >= '0' && b <= '9') {
            number = number * 10 + (b - '0');
        }
        column++;
    }

    private void endLine() {
        if (column == 0 && hasData) {
            ids.accept(number);
            hasData = false;
        }
        column = 0;
        isId = false;
    }
}
