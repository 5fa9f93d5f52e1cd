package io.groupmembership.cli.http;

import io.groupmembership.protocol.tls.HandshakeFailure;
import io.groupmembership.protocol.tls.TlsFiles;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Why a server that is there could not be talked to, in words that say what to do about it. */
final class ConnectionProblem {
    private ConnectionProblem() {}

    /** Empty where it may just not be there. */
    static Optional<String> of(URI server, Optional<TlsFiles> files, IOException failure) {
        boolean absent = failure instanceof ConnectException
                || failure instanceof SocketTimeoutException
                || failure instanceof UnknownHostException;
        if (Connector.isTls(server)) {
            // in TLS 1.3 a server may end a connection after the handshake, and its reason be lost
            boolean nobody = files.flatMap(TlsFiles::certificate).isEmpty();
            if (!(failure instanceof SSLException) && !absent && nobody) {
                return Optional.of(
                        server + " ended the connection: does it demand a certificate (--certificate, --key)?");
            }
            return HandshakeFailure.words(failure, files.map(TlsFiles::ca)).map(words -> server + ": " + words);
        }
        // what a server of TLS does with a request in plain text
        String message = String.valueOf(failure.getMessage());
        boolean garbled = message.contains("Invalid Http response") || message.contains("Unexpected end of file");
        return !absent && garbled
                ? Optional.of(server + " ended the connection without an answer: does it want https://?")
                : Optional.empty();
    }
}
