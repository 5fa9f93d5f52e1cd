package io.groupmembership.operator.group.slice;

import io.groupmembership.operator.informer.SlimInformer;
import java.util.List;

/**
 * An EndpointSlice of ours as it is kept.
 *
 * @param service the name of the Service that it belongs to
 * @param ownerUid of the Service that owns it
 * @param cluster NAMESPACE/NAME of the cluster whose groups it shows
 */
public record SliceView(
        String namespace,
        String name,
        String resourceVersion,
        String service,
        String ownerUid,
        String cluster,
        SliceSet set,
        List<SliceEndpoint> endpoints)
        implements SlimInformer.View {}
