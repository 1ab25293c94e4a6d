package dev.podwork.local.workerhost;

import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.core.worker.WorkerDefinitionValidation;
import dev.podwork.local.manifest.ManifestException;
import dev.podwork.local.manifest.ManifestReader;
import dev.podwork.local.manifest.ManifestValidator;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes manifests of files, one for each worker. */
final class Importer {
    private static final int LAST_TURN = 100;

    private final Findings findings;
    private final ManifestValidator validator = new ManifestValidator();
    private final Map<String, String> manifests = new LinkedHashMap<>();
    private final Map<String, HostWorker> byName = new HashMap<>();
    private final Map<String, List<HostWorker>> byType = new HashMap<>();
    private final Map<String, String> variables = new LinkedHashMap<>();
    private int leftOut;

    Importer(Findings findings) {
        this.findings = findings;
    }

    void take(String file, String text, Target target) {
        HostFile.read(file, text, findings).ifPresent(read -> {
            leftOut += read.leftOut();
            read.workers().forEach(worker -> take(worker, read.settings(), target));
        });
    }

    /** By the names of the definitions, in the order of the files. */
    Map<String, String> manifests() {
        return manifests;
    }

    /** What the workers need from a Secret, with defaults. */
    Map<String, String> variables() {
        return variables;
    }

    /** How many workers there are that can't be imported. */
    int leftOut() {
        return leftOut;
    }

    private void take(HostWorker worker, HostSettings settings, Target target) {
        String name = DefinitionName.of(worker.name());
        if (name.isEmpty()) {
            worker.field().mistake("has a name without any letter or digit of ASCII; give it another");
            return;
        }
        HostWorker other = byName.putIfAbsent(name, worker);
        if (other != null) {
            worker.field()
                    .mistake("would be named " + name + ", as " + other.name() + " at "
                            + other.field().place() + " is; give one of them another name");
            return;
        }
        WorkerDefinition definition = new Definitions(target).of(worker, settings, turn(worker));
        Map<String, String> own = Definitions.variables(worker, settings);
        variables.putAll(own);
        String manifest = Yaml.of(comments(worker, own, target), definition);
        check(worker, definition, manifest);
        manifests.put(name, manifest);
    }

    /** Its place among the workers of a task type, in the order of the files: WorkerHost asked the first. */
    private int turn(HostWorker worker) {
        int turn = 0;
        for (String type : worker.taskTypes()) {
            List<HostWorker> before = byType.computeIfAbsent(type, none -> new ArrayList<>());
            if (!before.isEmpty()) {
                turn = Math.max(turn, before.size());
                worker.field()
                        .notice("serves the task type " + type + ", as "
                                + before.get(0).name()
                                + " before it does, which WorkerHost asked first; so it has spec.fallback, and gets what those before"
                                + " it have no room for or failed at. Remove spec.fallback to let them share");
            }
            before.add(worker);
        }
        return Math.min(turn, LAST_TURN);
    }

    private static List<String> comments(HostWorker worker, Map<String, String> own, Target target) {
        List<String> comments = new ArrayList<>();
        comments.add("Worker " + worker.name() + " of " + worker.field().place());
        if (target.machine() == null) {
            comments.add("Its image holds what was in " + worker.projectPath() + ", which is its working directory, and"
                    + worker.python()
                            .map(version -> " Python " + version)
                            .orElse(" the Python and the packages of " + worker.venvPython()));
        }
        if (!own.isEmpty()) {
            comments.add("Before it runs: " + SecretCommand.of(target.secret(), own));
        }
        return comments;
    }

    /** What has not been noticed about the worker itself, but would be about its definition. */
    private void check(HostWorker worker, WorkerDefinition definition, String manifest) {
        List<String> mistakes = new ArrayList<>(WorkerDefinitionValidation.mistakes(definition));
        try {
            byte[] bytes = manifest.getBytes(StandardCharsets.UTF_8);
            validator.validate(ManifestReader.read(List.of(ManifestReader.STDIN), new ByteArrayInputStream(bytes)));
        } catch (ManifestException e) {
            mistakes.add(String.valueOf(e.getMessage()));
        }
        mistakes.forEach(mistake ->
                worker.field().mistake("makes a definition that would be refused; correct it here: " + mistake));
    }
}
