package io.groupmembership.protocol.tls;

/** Files of certificates and keys are not what they should be; the message names the file. */
public final class TlsException extends Exception {
    private static final long serialVersionUID = 1L;

    public TlsException(String message) {
        super(message);
    }

    public TlsException(String message, Throwable cause) {
        super(message, cause);
    }
}
