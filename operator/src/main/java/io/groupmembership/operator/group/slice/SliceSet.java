package io.groupmembership.operator.group.slice;

import java.util.List;

/** What all endpoints of a slice share: slices with the same of it are one set, over which endpoints are spread. */
public record SliceSet(AddressType type, List<SlicePort> ports) {}
