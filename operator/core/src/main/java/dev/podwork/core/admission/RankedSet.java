package dev.podwork.core.admission;

import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A sorted set that also tells how many elements come before one, all in logarithmic time: a treap that counts. */
final class RankedSet<E extends Comparable<E>> {

    private static final class Node<E> {
        final E element;
        final int weight;
        int size = 1;

        @Nullable
        Node<E> left;

        @Nullable
        Node<E> right;

        Node(E element, int weight) {
            this.element = element;
            this.weight = weight;
        }

        Node<E> counted() {
            size = 1 + size(left) + size(right);
            return this;
        }
    }

    private final SplittableRandom weights = new SplittableRandom(1);
    private @Nullable Node<E> root;

    int size() {
        return size(root);
    }

    boolean isEmpty() {
        return root == null;
    }

    Optional<E> first() {
        Node<E> node = root;
        while (node != null && node.left != null) {
            node = node.left;
        }
        return Optional.ofNullable(node).map(found -> found.element);
    }

    /** How many elements come before this one, be it in the set or not. */
    int before(E element) {
        int before = 0;
        Node<E> node = root;
        while (node != null) {
            if (element.compareTo(node.element) <= 0) {
                node = node.left;
            } else {
                before += 1 + size(node.left);
                node = node.right;
            }
        }
        return before;
    }

    boolean contains(E element) {
        Node<E> node = root;
        while (node != null) {
            int order = element.compareTo(node.element);
            if (order == 0) {
                return true;
            }
            node = order < 0 ? node.left : node.right;
        }
        return false;
    }

    /** False when it was there already. */
    boolean add(E element) {
        if (contains(element)) {
            return false;
        }
        root = added(root, new Node<>(element, weights.nextInt()));
        return true;
    }

    /** False when it was not there. */
    boolean remove(E element) {
        if (!contains(element)) {
            return false;
        }
        root = removed(root, element);
        return true;
    }

    private static <E extends Comparable<E>> Node<E> added(@Nullable Node<E> node, Node<E> added) {
        if (node == null) {
            return added;
        }
        if (added.element.compareTo(node.element) < 0) {
            Node<E> left = added(node.left, added);
            node.left = left;
            return left.weight > node.weight ? rotatedRight(node, left) : node.counted();
        }
        Node<E> right = added(node.right, added);
        node.right = right;
        return right.weight > node.weight ? rotatedLeft(node, right) : node.counted();
    }

    private static <E> Node<E> rotatedRight(Node<E> node, Node<E> left) {
        node.left = left.right;
        left.right = node.counted();
        return left.counted();
    }

    private static <E> Node<E> rotatedLeft(Node<E> node, Node<E> right) {
        node.right = right.left;
        right.left = node.counted();
        return right.counted();
    }

    private static <E extends Comparable<E>> @Nullable Node<E> removed(@Nullable Node<E> node, E element) {
        if (node == null) {
            return null;
        }
        int order = element.compareTo(node.element);
        if (order == 0) {
            return joined(node.left, node.right);
        }
        if (order < 0) {
            node.left = removed(node.left, element);
        } else {
            node.right = removed(node.right, element);
        }
        return node.counted();
    }

    private static <E> @Nullable Node<E> joined(@Nullable Node<E> left, @Nullable Node<E> right) {
        if (left == null) {
            return right;
        }
        if (right == null) {
            return left;
        }
        if (left.weight > right.weight) {
            left.right = joined(left.right, right);
            return left.counted();
        }
        right.left = joined(left, right.left);
        return right.counted();
    }

    private static int size(@Nullable Node<?> node) {
        return node == null ? 0 : node.size;
    }
}
