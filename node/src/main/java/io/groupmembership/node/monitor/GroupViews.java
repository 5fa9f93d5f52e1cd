package io.groupmembership.node.monitor;

import io.groupmembership.node.monitor.PendingChanges.GroupName;
import java.util.HashMap;
import java.util.Map;

/** The view numbers that pings carry, kept for as long as a group has a member that is watched. */
final class GroupViews {
    /** What the members of one group share. */
    static final class GroupView {
        long view;
        private final GroupName name;
        private int members;

        private GroupView(GroupName name) {
            this.name = name;
        }
    }

    private final Map<GroupName, GroupView> groups = new HashMap<>();

    /** For one more member. */
    GroupView acquire(MonitoredMember member) {
        GroupName name = new GroupName(member.namespace(), member.group());
        GroupView group = groups.computeIfAbsent(name, GroupView::new);
        group.view = Math.max(group.view, member.view());
        group.members++;
        return group;
    }

    void release(GroupView group) {
        if (--group.members == 0) {
            groups.remove(group.name);
        }
    }

    void changed(GroupName name, long view) {
        GroupView group = groups.get(name);
        if (group != null) {
            group.view = view;
        }
    }
}
