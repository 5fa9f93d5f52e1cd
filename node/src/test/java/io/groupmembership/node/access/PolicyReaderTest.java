package io.groupmembership.node.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyReaderTest {
    private static final String POLICY = """
            tokens:
              - {name: ci, sha256: "%s", groups: [deployers]}
            rules:
              - {groups: [deployers], verbs: [get, create], resources: [groups, members], namespaces: [shop]}
            """.formatted(AccessPolicy.sha256("secret"));

    @TempDir
    Path directory;

    @Test
    void aRuleAllowsWhatItNamesAndNothingElse() {
        AccessPolicy policy = PolicyReader.read(POLICY);
        Caller ci = policy.callerOf("secret").orElseThrow();

        assertThat(allows(policy, ci, "create", "members", "shop")).isTrue();
        assertThat(allows(policy, ci, "delete", "members", "shop")).isFalse();
        assertThat(allows(policy, ci, "create", "keys", "shop")).isFalse();
        assertThat(allows(policy, ci, "create", "members", "bank")).isFalse();
        assertThat(allows(policy, ci, "get", "groups", "")).isFalse();
        assertThat(policy.callerOf("Secret")).isEmpty();
    }

    @Test
    void aRuleForAnybodyIsNotForTheAnonymous() {
        AccessPolicy policy = PolicyReader.read(
                "rules: [{users: ['*'], groups: ['*'], verbs: ['*'], resources: ['*'], namespaces: ['*']}]");

        assertThat(allows(policy, Caller.ANONYMOUS, "get", "groups", "shop")).isFalse();
        assertThat(allows(policy, user("a"), "delete", "keys", "")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tokens: [{name: a, sha256: abc}]|tokens[0].sha256",
                "tokens: [{sha256: abc}]|tokens[0].name",
                "tokens: [{name: a, token: abc}]|tokens[0].token",
                "tokens: {a: b}|tokens",
                "rules: [{users: [a], resources: [keys], namespaces: ['*']}]|rules[0].verbs",
                "rules: [{users: [a], verbs: [read], resources: [keys], namespaces: ['*']}]|rules[0].verbs",
                "rules: [{users: [a], verbs: [get], resources: [key], namespaces: ['*']}]|rules[0].resources",
                "rules: [{verbs: [get], resources: [keys], namespaces: ['*']}]|rules[0].users",
                "rules: [{users: [a], verbs: [get], resources: [keys]}]|rules[0].namespaces",
                "rulez: []|rulez"
            })
    void whatIsWrongIsNamed(String text, String field) {
        assertThatExceptionOfType(PolicyException.class)
                .isThrownBy(() -> PolicyReader.read(text))
                .withMessageStartingWith(field);
    }

    @Test
    void aBrokenFileKeepsThePolicyAndAGoodOneReplacesIt() throws IOException {
        Path file = Files.writeString(directory.resolve("policy.yaml"), POLICY);
        PolicyFile policy = new PolicyFile(file);

        Files.writeString(file, "tokens: [");
        policy.refresh();
        assertThat(policy.authenticate("secret").join()).isInstanceOf(Authentication.Known.class);

        Files.writeString(file, "rules: []");
        policy.refresh();
        assertThat(policy.authenticate("secret").join()).isInstanceOf(Authentication.Refused.class);
    }

    @Test
    void onlyACertificateMakesAnAdministrator() {
        Attributes wanted = new Attributes("delete", "keys", "shop", "a");
        Caller byToken = new Caller(Caller.Proof.TOKEN, "a", "", Set.of(Caller.ADMINS), Optional.empty());
        Caller byCertificate = new Caller(Caller.Proof.CERTIFICATE, "a", "", Set.of(Caller.ADMINS), Optional.empty());

        assertThat(BuiltInRights.decide(byToken, wanted)).isEmpty();
        assertThat(BuiltInRights.decide(byCertificate, wanted)).containsInstanceOf(AccessDecision.Allow.class);
    }

    @Test
    void aSubjectIsReadAsKubernetesReadsIt() {
        assertThat(Certificates.caller("CN=ops,O=one,O=two"))
                .isEqualTo(new Authentication.Known(
                        new Caller(Caller.Proof.CERTIFICATE, "ops", "", Set.of("one", "two"), Optional.empty())));
        assertThat(Certificates.caller("O=one")).isInstanceOf(Authentication.Refused.class);
        assertThat(Certificates.caller("CN=a,CN=b")).isInstanceOf(Authentication.Refused.class);
        assertThat(Certificates.caller("CN=a+O=groupmembership.io:admins")).isInstanceOf(Authentication.Refused.class);
        assertThat(Certificates.caller("CN=a\\,O\\=x"))
                .isEqualTo(new Authentication.Known(
                        new Caller(Caller.Proof.CERTIFICATE, "a,O=x", "", Set.of(), Optional.empty())));
    }

    private static Caller user(String name) {
        return new Caller(Caller.Proof.TOKEN, name, "", Set.of(), Optional.empty());
    }

    private static boolean allows(AccessPolicy policy, Caller caller, String verb, String resource, String namespace) {
        return policy.decide(caller, new Attributes(verb, resource, namespace, "")) instanceof AccessDecision.Allow;
    }
}
