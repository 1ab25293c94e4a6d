package dev.podwork.api.crd;

import dev.podwork.api.job.Job;
import dev.podwork.api.worker.WorkerDefinition;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The text of {@code crds/}, generated from the records. */
public final class Crds {

    /** Writes the files into the directories that the arguments name, where their parents are there. */
    public static void main(String[] args) throws IOException {
        Map<String, String> files = generate();
        for (String argument : args) {
            Path directory = Path.of(argument).normalize();
            if (Files.isDirectory(directory.resolveSibling(""))) {
                Files.createDirectories(directory);
                for (Map.Entry<String, String> file : files.entrySet()) {
                    Files.writeString(directory.resolve(file.getKey()), file.getValue());
                }
            }
        }
    }

    /** Text by file name. */
    static Map<String, String> generate() {
        InMemory output = new InMemory();
        new CRDGenerator()
                .customResourceClasses(Job.class, WorkerDefinition.class)
                .withOutput(output)
                .withPostProcessor(new Refinement())
                .generate();
        Map<String, String> files = new TreeMap<>();
        output.streams.forEach((name, stream) ->
                files.put(name.replaceFirst("-v1$", ".yaml"), stream.toString(StandardCharsets.UTF_8)));
        return files;
    }

    private static final class Refinement implements CRDPostProcessor {
        @Override
        public HasMetadata process(HasMetadata generated, String crdSpecVersion) {
            CustomResourceDefinition crd = (CustomResourceDefinition) generated;
            switch (crd.getSpec().getNames().getKind()) {
                case "Job" -> CrdRefinement.job(crd);
                case "WorkerDefinition" -> CrdRefinement.workerDefinition(crd);
                default ->
                    throw new IllegalStateException(
                            "no refinement for " + crd.getMetadata().getName());
            }
            return crd;
        }
    }

    private static final class InMemory implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
        private final Map<String, ByteArrayOutputStream> streams = new TreeMap<>();

        @Override
        public ByteArrayOutputStream outputFor(String crdName) {
            return streams.computeIfAbsent(crdName, name -> new ByteArrayOutputStream());
        }

        @Override
        public void close() {}
    }

    private Crds() {}
}
