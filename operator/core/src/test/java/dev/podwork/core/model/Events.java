package dev.podwork.core.model;

import dev.podwork.api.job.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What may happen next, each as often as its weight says. What makes no sense at the moment does not happen. */
final class Events {

    private record Event(int upTo, Consumer<World> what) {}

    private final List<Event> events = new ArrayList<>();
    private int total;

    Events() {
        operators();
        time();
        nodes();
        workers();
        people();
    }

    void next(World world) {
        int drawn = world.random.nextInt(total);
        for (Event event : events) {
            if (drawn < event.upTo()) {
                event.what().accept(world);
                return;
            }
        }
    }

    private void operators() {
        operator(40, (world, operator) -> {
            if (operator.hasWork()) {
                operator.step();
            }
        });
        operator(14, (world, operator) -> operator.informer().nextJob(operator.memory));
        operator(20, (world, operator) -> operator.informer().nextPod(operator.memory));
        operator(3, (world, operator) -> operator.informer().nextDefinition(operator.memory));
        operator(2, (world, operator) -> operator.informer().list(operator.memory));
        operator(1, (world, operator) -> operator.memory.woken = true);
        operator(2, (world, operator) -> operator.dies());
        operator(1, (world, operator) -> operator.skew = (world.random.nextInt(7_200) - 3_600) * 1000L);
        operator(1, (world, operator) -> operator.skew = 0);
        any(6, world -> ifAny(world, world.operators, operator -> !operator.up, Operator::start));
        any(1, world -> {
            if (!world.operators.get(1).up) {
                world.operators.get(1).start();
            }
        });
    }

    private void time() {
        any(8, world -> world.advance(world.random.nextInt(2_000)));
        any(10, world -> {
            long next = world.nextTimer();
            if (next != PodRun.NEVER && next > world.now) {
                world.advance(next - world.now);
            }
        });
        any(1, world -> world.advance(world.random.nextInt(400_000)));
    }

    private void nodes() {
        pod(12, pod -> !pod.scheduled && !pod.isOver(), (world, pod) -> pod.schedule());
        pod(1, pod -> !pod.scheduled && !pod.isOver(), (world, pod) -> pod.waitsFor("Unschedulable"));
        pod(14, Events::canStart, (world, pod) -> pod.start());
        pod(1, Events::canStart, (world, pod) -> pod.waitsFor("ErrImagePull"));
        pod(1, Events::canStart, (world, pod) -> pod.waitsFor("ImagePullBackOff"));
        pod(1, Events::canStart, (world, pod) -> pod.waitsFor(PodRun.BAD_NAME));
        pod(8, pod -> pod.deletedBy != PodRun.NEVER && !pod.isOver(), (world, pod) -> pod.kill());
        pod(8, pod -> pod.deletedBy != PodRun.NEVER && pod.isOver() && !pod.nodeLost, (world, pod) -> pod.vanish());
        pod(1, pod -> !pod.isOver(), (world, pod) -> pod.fails("Evicted"));
        pod(1, pod -> !pod.scheduled && !pod.isOver(), (world, pod) -> pod.fails("UnexpectedAdmissionError"));
        pod(1, pod -> !pod.nodeLost, (world, pod) -> pod.nodeLost = true);
        pod(3, pod -> pod.nodeLost, (world, pod) -> pod.nodeReturns());
        pod(2, pod -> !pod.cut, (world, pod) -> pod.cut = true);
        pod(2, pod -> pod.cut, (world, pod) -> pod.cut = false);
    }

    private void workers() {
        pod(24, pod -> pod.started && !pod.cut, Events::talks);
        worker(4, (world, pod) -> pod.worker.emits());
        worker(4, (world, pod) -> pod.worker.returns());
        worker(3, (world, pod) -> pod.worker.raises(null));
        worker(1, (world, pod) -> pod.worker.raises(false));
        worker(3, (world, pod) -> pod.exits(3, "", false));
        worker(3, (world, pod) -> pod.exits(Scenario.IGNORED, "", false));
        worker(2, (world, pod) -> pod.exits(0, "", false));
        worker(2, (world, pod) -> pod.exits(137, "SIGKILL", true));
        worker(1, (world, pod) -> pod.isKilled(true));
        worker(1, (world, pod) -> pod.isKilled(false));
        pod(9, pod -> pod.isDrained() && !pod.isOver(), (world, pod) -> pod.containerEnds());
        pod(6, pod -> pod.mayWork() && pod.worker.dismissed, (world, pod) -> pod.exits(143, "SIGTERM", false));
        pod(6, pod -> pod.mayWork() && pod.worker.outcome != null, (world, pod) -> pod.exits(0, "", false));
    }

    private void people() {
        any(1, world -> rarely(world, () -> specify(world, true, false)));
        any(1, world -> rarely(world, () -> specify(world, false, true)));
        any(2, world -> specify(world, false, false));
        any(1, world -> rarely(world, () -> world.api.define(null)));
        any(1, world -> rarely(world, () -> world.api.define(world.scenario.definition(false, 2))));
        any(3, world -> world.api.define(world.scenario.definition(true, 3)));
        any(1, world -> world.api.refusesPods = true);
        any(3, world -> world.api.refusesPods = false);
        pod(1, pod -> pod.present, (world, pod) -> pod.delete(World.GRACE));
        pod(1, pod -> pod.present, (world, pod) -> pod.vanish());
        any(1, world -> rarely(world, () -> deleteJob(world)));
        any(2, world -> {
            if (world.api.job() == null) {
                world.note(() -> "another job of the name is created");
                world.createJob();
            }
        });
    }

    private static void rarely(World world, Runnable what) {
        if (world.random.nextInt(4) == 0) {
            what.run();
        }
    }

    private static void deleteJob(World world) {
        if (world.api.job() != null) {
            world.note(() -> "the job is deleted");
            world.api.deleteJob();
        }
    }

    private static boolean canStart(PodRun pod) {
        return pod.scheduled && !pod.started && !pod.isOver() && !pod.nodeLost && !pod.isHopeless();
    }

    private static void talks(World world, PodRun pod) {
        ifAny(
                world,
                world.operators,
                operator -> operator.up,
                operator -> operator.hears(pod, world.random.nextInt(4)));
    }

    /** Cancelling is for good, as the API server sees to it. */
    private static void specify(World world, boolean cancelled, boolean suspended) {
        Job job = world.api.job();
        if (job != null) {
            boolean ever = cancelled || job.getSpec().isCancelled();
            world.note(() -> "the job is to be cancelled: %s, suspended: %s".formatted(ever, suspended));
            world.api.specify(job, world.scenario.spec(ever, suspended));
        }
    }

    private void any(int weight, Consumer<World> what) {
        total += weight;
        events.add(new Event(total, what));
    }

    private void operator(int weight, BiConsumer<World, Operator> what) {
        any(
                weight,
                world -> ifAny(
                        world, world.operators, operator -> operator.up, operator -> what.accept(world, operator)));
    }

    private void pod(int weight, Predicate<PodRun> which, BiConsumer<World, PodRun> what) {
        any(weight, world -> ifAny(world, world.pods, which, pod -> what.accept(world, pod)));
    }

    private void worker(int weight, BiConsumer<World, PodRun> what) {
        pod(weight, pod -> pod.worker.works(), (world, pod) -> {
            what.accept(world, pod);
            world.note(() -> "the worker of %s: %d %s".formatted(pod.uid, pod.worker.said, pod.worker.outcome));
        });
    }

    private static <T> void ifAny(World world, List<T> all, Predicate<T> which, Consumer<T> what) {
        int from = all.isEmpty() ? 0 : world.random.nextInt(all.size());
        for (int i = 0; i < all.size(); i++) {
            T one = all.get((from + i) % all.size());
            if (which.test(one)) {
                what.accept(one);
                return;
            }
        }
    }
}
