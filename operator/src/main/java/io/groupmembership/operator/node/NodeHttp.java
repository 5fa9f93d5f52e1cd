package io.groupmembership.operator.node;

import io.groupmembership.protocol.HostPort;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * What the nodes of one cluster are called with.
 *
 * @param scheme of their URLs: http or https
 */
public record NodeHttp(HttpClient client, String scheme) implements AutoCloseable {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(2);

    public static NodeHttp plain() {
        return new NodeHttp(builder().build(), "http");
    }

    /** @param context which knows the nodes by their certificates, and says who calls */
    public static NodeHttp tls(SSLContext context) {
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3"});
        return new NodeHttp(
                builder().sslContext(context).sslParameters(parameters).build(), "https");
    }

    private static HttpClient.Builder builder() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_WITHIN);
    }

    /** The base URL of a node's port. */
    public URI node(String address, int port) {
        return URI.create(scheme + "://" + new HostPort(address, port));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
