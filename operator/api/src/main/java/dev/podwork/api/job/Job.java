package dev.podwork.api.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.podwork.api.Labels;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** One execution of a worker. Its pod is owned by it and goes with it. */
@JsonClassDescription("One execution of a worker, in a pod of its own that goes when the Job goes.")
@Group(Labels.GROUP)
@Version(Labels.VERSION)
@Kind("Job")
@Plural("jobs")
@Singular("job")
@ShortNames("pj")
@Categories(Labels.CATEGORY)
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Worker", jsonPath = ".status.worker", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Attempt",
        jsonPath = ".status.attempts[-1:].number",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.reason", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "Progress",
        jsonPath = ".status.progress.percent",
        type = AdditionalPrinterColumn.Type.NUMBER,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Message",
        jsonPath = ".status.message",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@ValidationRule(
        value = "self.metadata.name.size() <= 57",
        message = "metadata.name must be at most 57 characters, so that its pods' names <name>-<attempt> are valid"
                + " host names; shorten it")
public class Job extends CustomResource<JobSpec, JobStatus> implements Namespaced {

    /** Without the fields' managers, most of a small object's size: whoever writes without them changes none. */
    @Override
    @JsonIgnoreProperties("managedFields")
    public ObjectMeta getMetadata() {
        return super.getMetadata();
    }
}
