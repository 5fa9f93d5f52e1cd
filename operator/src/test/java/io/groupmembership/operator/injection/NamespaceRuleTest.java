package io.groupmembership.operator.injection;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.crds.AllowedNamespaces;
import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.crds.GroupMembershipClusterSpec;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamespaceRuleTest {
    private static final PodNamespace SHOP =
            new PodNamespace("shop", Map.of("env", "prod", "team", "payments"), Map.of());

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    shop  | {from: Same}                                                                               | true
                    infra | {from: Same}                                                                               | false
                    infra | {}                                                                                         | false
                    infra | {from: All}                                                                                | true
                    infra | {from: Selector, selector: {}}                                                             | true
                    shop  | {from: Selector}                                                                           | false
                    infra | {from: Selector, selector: {matchLabels: {env: prod, team: payments}}}                     | true
                    infra | {from: Selector, selector: {matchLabels: {env: prod, team: web}}}                          | false
                    shop  | {from: Selector, selector: {matchLabels: {env: test}}}                                     | false
                    infra | {from: Selector, selector: {matchExpressions: [{key: env, operator: In, values: [prod]}]}} | true
                    infra | {from: Selector, selector: {matchExpressions: [{key: env, operator: In, values: [test]}]}} | false
                    infra | {from: Selector, selector: {matchExpressions: [{key: no, operator: In, values: [prod]}]}}  | false
                    infra | {from: Selector, selector: {matchExpressions: [{key: env, operator: NotIn, values: [prod]}]}} | false
                    infra | {from: Selector, selector: {matchExpressions: [{key: no, operator: NotIn, values: [prod]}]}}  | true
                    infra | {from: Selector, selector: {matchExpressions: [{key: env, operator: Exists}]}}             | true
                    infra | {from: Selector, selector: {matchExpressions: [{key: no, operator: Exists}]}}              | false
                    infra | {from: Selector, selector: {matchExpressions: [{key: no, operator: DoesNotExist}]}}        | true
                    infra | {from: Selector, selector: {matchExpressions: [{key: env, operator: DoesNotExist}]}}       | false
                    infra | {from: Selector, selector: {matchExpressions: [{key: env, operator: Matches}]}}            | false
                    """)
    void aNamespaceIsAllowedAsTheClusterSays(String clusterNamespace, String allowed, boolean expected)
            throws IOException {
        GroupMembershipCluster cluster = GroupMembershipCluster.of(
                clusterNamespace,
                "main",
                InjectionCase.YAML.readValue("allowedNamespaces: " + allowed, GroupMembershipClusterSpec.class));

        assertThat(NamespaceRule.allows(cluster, SHOP)).isEqualTo(expected);
    }

    @Test
    void aClusterThatSaysNothingAllowsItsOwnNamespaceOnly() {
        assertThat(AllowedNamespaces.DEFAULT.fromOrDefault()).isEqualTo(AllowedNamespaces.From.SAME);
        assertThat(NamespaceRule.allows(
                        GroupMembershipCluster.of("shop", "main", GroupMembershipClusterSpec.EMPTY), SHOP))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "main, shop, main",
                "infra/main, infra, main",
                "'', -, -",
                "/main, -, -",
                "infra/, -, -",
                "a/b/c, -, -",
                "Main, -, -",
                "infra/main.svc, -, -",
            })
    void aClusterIsNamedWithOrWithoutItsNamespace(String text, String namespace, String name) {
        assertThat(ClusterKey.parse(text, "shop"))
                .isEqualTo(Optional.ofNullable(namespace).map(there -> new ClusterKey(there, name)));
    }
}
