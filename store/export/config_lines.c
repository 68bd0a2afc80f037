/* SPDX-License-Identifier: MIT
 *
 * ENV, LABEL, EXPOSE, VOLUME, STOPSIGNAL, WORKDIR and USER expand variables; SHELL, HEALTHCHECK,
 * ENTRYPOINT, CMD and ONBUILD do not. Commands stay in exec form: the config does not record how
 * they were written.
 */
#include "export/config_lines.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "export/quote.h"

struct writer {
    const struct keep_input *input; /* all pointers are borrowed */
    const struct builder *builder;
    struct buf *out, *warnings;
    const char *instruction;
    struct buf *words; /* words of the exec form that is being read */
};

static void leave_out(struct writer *writer, struct bytes what)
{
    buf_printf(writer->warnings, "%s ", writer->instruction);
    quote_comment(what, writer->warnings);
    buf_add(writer->warnings, bytes_of(": omitted, because a Dockerfile cannot express it\n"));
}

/* Appends one instruction with words; removes the line again if a word cannot be expressed. */
static void add_line(struct writer *writer, struct bytes key, const char *between,
                     struct bytes value)
{
    size_t start = writer->out->n;
    buf_printf(writer->out, "%s ", writer->instruction);
    bool ok = quote_word(key, writer->out);
    if (ok && between) {
        buf_add(writer->out, bytes_of(between));
        ok = quote_word(value, writer->out);
    }
    if (ok) {
        buf_byte(writer->out, '\n');
        return;
    }
    writer->out->n = start;
    leave_out(writer, key);
}

static bool add_env(void *with, struct bytes key, struct bytes value)
{
    (void)key;
    struct writer *writer = with;
    size_t equals = bytes_index(value, '=');
    struct bytes name = bytes_from(value.p, equals);
    if (!equals || equals == value.n)
        leave_out(writer, value);
    else
        add_line(writer, name, "=", bytes_skip(value, equals + 1));
    return true;
}

static bool add_label(void *with, struct bytes key, struct bytes value)
{
    struct writer *writer = with;
    if (!key.n || bytes_index(key, '=') < key.n)
        leave_out(writer, key);
    else
        add_line(writer, key, "=", value.p ? value : bytes_of(""));
    return true;
}

static bool add_port(void *with, struct bytes key, struct bytes value)
{
    (void)value;
    struct writer *writer = with;
    for (size_t i = 0; i < key.n; i++) {
        if (!strchr("0123456789-/abcdefghijklmnopqrstuvwxyz", key.p[i]) || !key.p[i]) {
            leave_out(writer, key);
            return true;
        }
    }
    if (key.n)
        add_line(writer, key, NULL, key);
    return true;
}

static bool add_volume(void *with, struct bytes key, struct bytes value)
{
    (void)value;
    struct writer *writer = with;
    buf_printf(writer->out, "%s [", writer->instruction);
    quote_json_word(key, writer->out);
    buf_add(writer->out, bytes_of("]\n"));
    return true;
}

static bool add_trigger(void *with, struct bytes key, struct bytes value)
{
    (void)key;
    struct writer *writer = with;
    size_t n = 0;
    while (n < value.n && ((value.p[n] | 0x20) >= 'a' && (value.p[n] | 0x20) <= 'z'))
        n++;
    bool is_instruction = n && n < value.n && value.p[n] == ' ';
    if (!is_instruction || !quote_is_plain(value) || value.p[value.n - 1] == '\\' ||
        bytes_index(value, '\r') < value.n) {
        leave_out(writer, value);
        return true;
    }
    buf_printf(writer->out, "%s ", writer->instruction);
    buf_add(writer->out, value);
    buf_byte(writer->out, '\n');
    return true;
}

static bool collect_word(void *with, struct bytes key, struct bytes value)
{
    (void)key;
    struct buf *words = with;
    if (words->n)
        buf_add(words, bytes_of(", "));
    quote_json(value, words);
    return true;
}

static bool add_exec(struct writer *writer, const char *path)
{
    BUF_AUTO struct buf words = {0};
    if (!db_json_each(writer->input->db, writer->input->config, path, collect_word, &words) ||
        !words.n)
        return false;
    buf_printf(writer->out, "%s [", writer->instruction);
    buf_add(writer->out, buf_bytes(&words));
    buf_add(writer->out, bytes_of("]\n"));
    return true;
}

static void add_each(struct writer *writer, const char *instruction, const char *path,
                     bool (*each)(void *with, struct bytes key, struct bytes value))
{
    writer->instruction = instruction;
    db_json_each(writer->input->db, writer->input->config, path, each, writer);
}

static void add_text(struct writer *writer, const char *instruction, const char *path)
{
    BUF_AUTO struct buf text = {0};
    writer->instruction = instruction;
    if (db_json(writer->input->db, writer->input->config, path, &text) && text.n)
        add_line(writer, buf_bytes(&text), NULL, buf_bytes(&text));
}

static void add_duration(struct writer *writer, const char *flag, const char *path)
{
    enum { NS_PER_MS = 1000000 };
    BUF_AUTO struct buf text = {0};
    if (!db_json(writer->input->db, writer->input->config, path, &text))
        return;
    int64_t ns = strtoll(text.p, NULL, 10);
    if (ns <= 0)
        return;
    if (ns % (1000 * (int64_t)NS_PER_MS) == 0)
        buf_printf(writer->out, " --%s=%" PRId64 "s", flag, ns / (1000 * (int64_t)NS_PER_MS));
    else if (ns % NS_PER_MS == 0)
        buf_printf(writer->out, " --%s=%" PRId64 "ms", flag, ns / NS_PER_MS);
    else
        buf_printf(writer->out, " --%s=%" PRId64 "ns", flag, ns);
}

/* Older builders reject a Dockerfile with this flag. */
static void add_start_interval(struct writer *writer)
{
    size_t start = writer->out->n;
    add_duration(writer, "start-interval", "$.config.Healthcheck.StartInterval");
    if (writer->out->n == start || writer->builder->knows_start_interval)
        return;
    buf_printf(writer->warnings,
               "HEALTHCHECK%.*s: omitted, because BuildKit before 0.12, docker before 25 and "
               "buildah before 1.36 reject it; for a newer builder, add it to the Dockerfile\n",
               (int)(writer->out->n - start), writer->out->p + start);
    writer->out->n = start;
}

static void add_health_flags(struct writer *writer)
{
    BUF_AUTO struct buf retries = {0};
    add_duration(writer, "interval", "$.config.Healthcheck.Interval");
    add_duration(writer, "timeout", "$.config.Healthcheck.Timeout");
    add_duration(writer, "start-period", "$.config.Healthcheck.StartPeriod");
    add_start_interval(writer);
    if (db_json(writer->input->db, writer->input->config, "$.config.Healthcheck.Retries",
                &retries)) {
        long long n = strtoll(retries.p, NULL, 10);
        if (n > 0)
            buf_printf(writer->out, " --retries=%lld", n);
    }
}

/* Appends the health check command as text after CMD; in exec form if a line cannot contain it. */
static void add_health_shell(struct writer *writer, struct bytes text)
{
    bool fits = text.n && quote_is_plain(text) && bytes_index(text, '\r') == text.n &&
                text.p[text.n - 1] != '\\' && text.p[0] != '[' && text.p[0] != ' ';
    if (fits) {
        buf_add(writer->out, bytes_of(" CMD "));
        buf_add(writer->out, text);
    } else {
        buf_add(writer->out, bytes_of(" CMD [\"/bin/sh\", \"-c\", "));
        quote_json(text, writer->out);
        buf_byte(writer->out, ']');
    }
    buf_byte(writer->out, '\n');
}

static bool collect_after_first(void *with, struct bytes key, struct bytes value)
{
    return bytes_equal(key, bytes_of("0")) || collect_word(with, key, value);
}

static void add_healthcheck(struct writer *writer)
{
    struct db *db = writer->input->db;
    struct bytes config = writer->input->config;
    BUF_AUTO struct buf kind = {0}, text = {0};
    if (!db_json(db, config, "$.config.Healthcheck.Test[0]", &kind))
        return;
    if (bytes_equal(buf_bytes(&kind), bytes_of("NONE"))) {
        buf_add(writer->out, bytes_of("HEALTHCHECK NONE\n"));
        return;
    }
    bool is_shell = bytes_equal(buf_bytes(&kind), bytes_of("CMD-SHELL"));
    if (is_shell && !db_json(db, config, "$.config.Healthcheck.Test[1]", &text))
        return;
    if (!is_shell)
        db_json_each(db, config, "$.config.Healthcheck.Test", collect_after_first, &text);
    if (!text.n)
        return;
    buf_add(writer->out, bytes_of("HEALTHCHECK"));
    add_health_flags(writer);
    if (is_shell) {
        add_health_shell(writer, buf_bytes(&text));
        return;
    }
    buf_add(writer->out, bytes_of(" CMD ["));
    buf_add(writer->out, buf_bytes(&text));
    buf_add(writer->out, bytes_of("]\n"));
}

static bool can_read(const struct keep_input *input)
{
    return input->db && input->config.n && db_json_valid(input->db, input->config);
}

/* WORKDIR creates a missing directory as root, so it must precede USER. */
void config_write(const struct keep_input *input, enum config_ground ground,
                  enum export_builder builder, struct buf *out, struct buf *warnings)
{
    struct writer writer = {
        .input = input, .builder = builder_of(builder), .out = out, .warnings = warnings};
    if (!can_read(input))
        return;
    add_each(&writer, "ENV", "$.config.Env", add_env);
    add_each(&writer, "LABEL", "$.config.Labels", add_label);
    add_each(&writer, "EXPOSE", "$.config.ExposedPorts", add_port);
    add_each(&writer, "VOLUME", "$.config.Volumes", add_volume);
    add_text(&writer, "STOPSIGNAL", "$.config.StopSignal");
    writer.instruction = "SHELL";
    add_exec(&writer, "$.config.Shell");
    add_healthcheck(&writer);
    add_each(&writer, "ONBUILD", "$.config.OnBuild", add_trigger);
    add_text(&writer, "WORKDIR", "$.config.WorkingDir");
    add_text(&writer, "USER", "$.config.User");
    writer.instruction = "ENTRYPOINT";
    if (!add_exec(&writer, "$.config.Entrypoint") && ground == CONFIG_ON_BASE)
        buf_add(out, bytes_of("ENTRYPOINT []\n"));
    writer.instruction = "CMD";
    if (!add_exec(&writer, "$.config.Cmd") && ground == CONFIG_ON_BASE)
        buf_add(out, bytes_of("CMD []\n"));
}

bool config_has_onbuild(const struct keep_input *input)
{
    return can_read(input) && db_json_length(input->db, input->config, "$.config.OnBuild") > 0;
}

bool config_is_docker_only(const struct keep_input *input)
{
    return can_read(input) &&
           (config_has_onbuild(input) ||
            db_json_length(input->db, input->config, "$.config.Shell") > 0 ||
            db_json_length(input->db, input->config, "$.config.Healthcheck.Test") > 0);
}
