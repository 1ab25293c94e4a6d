package dev.podwork.api;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A record that has a builder, generated, because most of its components are absent as a rule. */
@RecordBuilder.Template(
        options =
                @RecordBuilder.Options(
                        // The components' annotations are for schema and JSON.
                        inheritComponentAnnotations = false,
                        enableGetters = false,
                        // In class files too, so that other modules' compilers know that setters take null.
                        addClassRetainedGenerated = true))
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.TYPE)
public @interface Buildable {}
