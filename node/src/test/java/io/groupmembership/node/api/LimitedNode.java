package io.groupmembership.node.api;

import java.util.HashMap;
import java.util.Map;

/** A {@link PolicyNode} where a caller may send {@value #CALLER_RATE} requests a second. */
public final class LimitedNode extends PolicyNode {
    static final int CALLER_RATE = 3;

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
        overrides.put("gm.caller-rate", String.valueOf(CALLER_RATE));
        return overrides;
    }
}
