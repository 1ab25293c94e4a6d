package dev.podwork.core.pod;

import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import org.jspecify.annotations.Nullable;

/** What the restricted Pod Security Standard asks for, wherever a template doesn't say otherwise. */
final class Restricted {

    /** The user that distroless images call nonroot. */
    private static final long NONROOT = 65532;

    private Restricted() {}

    static PodSecurityContext pod(@Nullable PodSecurityContext template) {
        PodSecurityContextBuilder context =
                template == null ? new PodSecurityContextBuilder() : new PodSecurityContextBuilder(template);
        if (context.getRunAsNonRoot() == null) {
            context.withRunAsNonRoot(true);
        }
        if (context.getRunAsUser() == null) {
            context.withRunAsUser(NONROOT);
        }
        if (context.getRunAsGroup() == null) {
            context.withRunAsGroup(NONROOT);
        }
        if (context.getFsGroup() == null) {
            context.withFsGroup(NONROOT);
        }
        if (!context.hasSeccompProfile()) {
            context.withNewSeccompProfile().withType("RuntimeDefault").endSeccompProfile();
        }
        return context.build();
    }

    static SecurityContext container(@Nullable SecurityContext template) {
        SecurityContextBuilder context =
                template == null ? new SecurityContextBuilder() : new SecurityContextBuilder(template);
        if (context.getAllowPrivilegeEscalation() == null) {
            context.withAllowPrivilegeEscalation(false);
        }
        if (!context.hasCapabilities()) {
            context.withNewCapabilities().addToDrop("ALL").endCapabilities();
        }
        return context.build();
    }
}
