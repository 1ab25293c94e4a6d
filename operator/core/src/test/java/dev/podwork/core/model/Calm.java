package dev.podwork.core.model;

import dev.podwork.core.ownership.Ownership;

/** Faults have stopped: everything that can happen does, and time passes until nothing is left to wait for. */
final class Calm {

    /** Far more than any history needs; one that needs more never comes to rest. */
    private static final int MOST = 3_000;

    private final World world;

    Calm(World world) {
        this.world = world;
    }

    void settle() {
        world.note(() -> "faults stop");
        world.faulty = false;
        world.api.refusesPods = false;
        world.pods.forEach(pod -> pod.cut = pod.cut && pod.worker.given && world.random.nextBoolean());
        world.pods.stream()
                .filter(pod -> pod.nodeLost && world.random.nextBoolean())
                .forEach(PodRun::nodeReturns);
        if (world.operators.stream().noneMatch(operator -> operator.up)) {
            world.operators.get(0).start();
        }
        for (int i = 0; i < MOST; i++) {
            if (!isBusy()) {
                long next = world.nextTimer();
                if (next == PodRun.NEVER) {
                    return;
                }
                world.advance(Math.max(0, next - world.now));
            }
        }
        throw new Violation("the job never comes to rest");
    }

    private boolean isBusy() {
        boolean busy = false;
        for (Operator operator : world.operators) {
            if (operator.up) {
                busy |= informs(operator);
                if (operator.hasWork()) {
                    operator.step();
                    busy = true;
                }
            }
        }
        for (int i = 0; i < world.pods.size(); i++) {
            busy |= goesOn(world.pods.get(i));
        }
        return busy;
    }

    private static boolean informs(Operator operator) {
        Informer informer = operator.informer();
        boolean news = false;
        while (informer.nextJob(operator.memory)
                || informer.nextPod(operator.memory)
                || informer.nextDefinition(operator.memory)) {
            news = true;
        }
        return news;
    }

    private boolean goesOn(PodRun pod) {
        if (pod.present && pod.nodeLost && isOrphan(pod)) {
            pod.vanish();
            return true;
        }
        if (pod.present && pod.deletedBy == PodRun.NEVER && (pod.nodeLost || isOrphan(pod))) {
            pod.delete(World.GRACE);
            return true;
        }
        if (pod.present && pod.deletedBy != PodRun.NEVER && !pod.nodeLost) {
            if (pod.isOver()) {
                pod.vanish();
            } else {
                pod.kill();
            }
            return true;
        }
        return !pod.nodeLost && (starts(pod) || talks(pod) || works(pod));
    }

    private boolean isOrphan(PodRun pod) {
        return world.api.job() == null || !Ownership.isControlledBy(pod.made, world.api.job());
    }

    private static boolean starts(PodRun pod) {
        if (!pod.present || pod.isOver() || pod.started || pod.isHopeless()) {
            return false;
        }
        if (pod.scheduled) {
            pod.start();
        } else {
            pod.schedule();
        }
        return true;
    }

    private boolean talks(PodRun pod) {
        if (!pod.present || !pod.started || pod.isOver() || pod.cut) {
            return false;
        }
        for (Operator operator : world.operators) {
            if (operator.up && operator.hasNewsOf(pod)) {
                int before = operator.memory.sessions.size();
                operator.hears(pod, Long.MAX_VALUE / 2);
                return operator.memory.sessions.size() > before || !operator.hasNewsOf(pod);
            }
        }
        return false;
    }

    private boolean works(PodRun pod) {
        if (pod.isDrained() && !pod.isOver()) {
            pod.containerEnds();
            return true;
        }
        if (!pod.mayWork()) {
            return false;
        }
        if (pod.worker.dismissed) {
            pod.exits(143, "SIGTERM", false);
        } else if (pod.worker.outcome != null) {
            pod.exits(0, "", false);
        } else if (pod.worker.given) {
            return endsSomehow(pod);
        } else {
            return false;
        }
        return true;
    }

    /** Some workers hang: their time limit is for them. */
    private boolean endsSomehow(PodRun pod) {
        if (pod.hangs == null) {
            pod.hangs = world.random.nextInt(4) == 0;
        }
        if (pod.hangs) {
            return false;
        }
        if (world.random.nextBoolean()) {
            pod.worker.returns();
        } else {
            pod.exits(3, "", false);
        }
        return true;
    }
}
