package io.groupmembership.operator.injection;

/**
 * @param systemNamespace where the operator and this webhook run: no pod of it is touched
 * @param sidecarImage where a cluster names none
 */
public record InjectionSettings(String systemNamespace, String sidecarImage) {}
