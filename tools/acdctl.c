/* acdctl: asks and changes what acdd knows, from a command line.
 *
 * The command line is read by getopt_long, not argp: a verb's own fields may be written as options
 * too ("--queue sales"), and which ones there are stands in the schema. getopt_long can be told to
 * hand over every word and every option it does not know, in order; argp refuses them. So global
 * options may stand anywhere, and the rest is the verb's. */

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "tools/acdctl.h"
#include "tools/acdctl_text.h"

enum { OPTION_PUB = 256, OPTION_AS, OPTION_JSON, OPTION_TIMEOUT };

/* ---- numbers of options ------------------------------------------------------------------- */

bool ctl_whole(const char *text, unsigned long max, unsigned long *out)
{
    char *end;

    errno = 0;
    *out = strtoul(text, &end, 10);
    return errno == 0 && text[0] >= '0' && text[0] <= '9' && *end == '\0' && *out >= 1 &&
           *out <= max;
}

bool ctl_seconds(const char *text, acd_span *out)
{
    static const struct acd_field field = {"seconds", "", ACD_FIELD_span, 0, 0, NULL};
    struct acd_json j = {0};

    return strlen(text) < 32 && acd_json_parse_field(&j, &field, acd_str(text), out) == ACD_OK &&
           *out > 0;
}

/* ---- the command line --------------------------------------------------------------------- */

/* A field's name: a letter, then letters, digits, dashes and underscores. */
static size_t key_length(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";

    return strspn(text, letters) == 0 ? 0 : strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-");
}

static char *as_key(char *text)
{
    for (char *at = text; (at = strchr(at, '-')) != NULL;)
        *at = '_';
    return text;
}

/* "level=1" is a field, "sip:a=b" is a word. */
static struct ctl_arg split(char *text)
{
    size_t len = key_length(text);

    if (len == 0 || text[len] != '=')
        return (struct ctl_arg){NULL, text};
    text[len] = '\0';
    return (struct ctl_arg){as_key(text), text + len + 1};
}

static int set_url(struct ctl *ctl, char out[ACD_URL_MAX], const char *option, const char *url)
{
    if (strlen(url) >= ACD_URL_MAX)
        return ctl_usage(ctl, option, "an address has at most %d bytes", ACD_URL_MAX - 1);
    memcpy(out, url, strlen(url) + 1);
    return CTL_OK;
}

/* The field that says how long it may be is the one that it will be told in. */
static int set_name(struct ctl *ctl, const char *name)
{
    const uint16_t max = acd_field_named(&acd_record_command_client_open, "name")->max;

    if (name[0] == '\0' || strlen(name) > max)
        return ctl_usage(ctl, "--as", "a gateway's name has 1 to %d bytes", max);
    ctl->as = name;
    return CTL_OK;
}

/* An option that is none of ours is a field: "--queue=sales" or "--queue sales". */
static int take_field(struct ctl *ctl, int argc, char **argv, struct ctl_arg *arg)
{
    char *text = argv[optind - 1];

    if (strncmp(text, "--", 2) != 0 || key_length(text + 2) == 0)
        return ctl_usage(ctl, "", "there is no option %s", text);
    *arg = split(text + 2);
    if (arg->key != NULL)
        return CTL_OK;
    if (optind >= argc)
        return ctl_usage(ctl, "", "%s is no option, and as a field it wants a value", text);
    *arg = (struct ctl_arg){as_key(text + 2), argv[optind++]};
    return CTL_OK;
}

struct line {
    struct ctl_arg *args;
    size_t count;
    bool help, version;
};

static int take_option(struct ctl *ctl, struct line *line, int option, int argc, char **argv)
{
    static char interval[] = "interval";

    switch (option) {
    case 1: line->args[line->count++] = split(optarg); return CTL_OK;
    case 's': return set_url(ctl, ctl->url, "--socket", optarg);
    case OPTION_PUB: return set_url(ctl, ctl->pub_url, "--pub", optarg);
    case OPTION_AS: return set_name(ctl, optarg);
    case OPTION_JSON: ctl->json = true; return CTL_OK;
    case OPTION_TIMEOUT:
        if (ctl_seconds(optarg, &ctl->timeout) && ctl->timeout >= 10 * ACD_MS)
            return CTL_OK;
        return ctl_usage(ctl, "--timeout", "\"%s\" is no number of seconds from 0.01 up", optarg);
    case 'n': line->args[line->count++] = (struct ctl_arg){interval, optarg}; return CTL_OK;
    case 'h': line->help = true; return CTL_OK;
    case 'V': line->version = true; return CTL_OK;
    case ':': return ctl_usage(ctl, "", "%s wants a value", argv[optind - 1]);
    default: return take_field(ctl, argc, argv, &line->args[line->count++]);
    }
}

/* "-1" is a value, not an option. */
static bool is_negative(const char *text)
{
    return text[0] == '-' && text[1] >= '0' && text[1] <= '9';
}

static int read_line(struct ctl *ctl, int argc, char **argv, struct line *line)
{
    static const struct option options[] = {
        {"socket", required_argument, NULL, 's'},
        {"pub", required_argument, NULL, OPTION_PUB},
        {"as", required_argument, NULL, OPTION_AS},
        {"json", no_argument, NULL, OPTION_JSON},
        {"timeout", required_argument, NULL, OPTION_TIMEOUT},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    int option, status;

    opterr = 0;
    for (;;) {
        while (optind < argc && is_negative(argv[optind]))
            line->args[line->count++] = (struct ctl_arg){NULL, argv[optind++]};
        option = getopt_long(argc, argv, "-:s:n:hV", options, NULL);
        if (option == -1)
            break;
        status = take_option(ctl, line, option, argc, argv);
        if (status != CTL_OK)
            return status;
    }
    while (optind < argc) /* behind "--": words, whatever they look like */
        line->args[line->count++] = (struct ctl_arg){NULL, argv[optind++]};
    return CTL_OK;
}

/* ---- running ------------------------------------------------------------------------------ */

static int run(struct ctl *ctl, const struct line *line)
{
    size_t words = 0;
    const struct ctl_verb *verb = ctl_verb_of(line->args, line->count, &words);

    ctl->args = line->args;
    ctl->count = line->count;
    if (line->help)
        return ctl_run_help(ctl, NULL);
    if (line->count == 0)
        return ctl_usage(ctl, "", "say what to do; see acdctl help");
    if (verb == NULL)
        return ctl_verb_unknown(ctl, line->args, line->count);
    ctl->verb = verb->words;
    ctl->args += words;
    ctl->count -= words;
    if (ctl->pub_url[0] == '\0')
        acd_default_pub_url(ctl->url, ctl->pub_url);
    return verb->run(ctl, verb);
}

int main(int argc, char **argv)
{
    struct ctl ctl = {0};
    struct line line = {.args = calloc((size_t)argc + 1, sizeof *line.args)};
    int status;

    ACD_ASSERT(line.args != NULL);
    ctl_text_init();
    acd_default_url(ctl.url);
    for (int i = 1; i < argc; i++) /* errors before it are JSON too */
        ctl.json = ctl.json || strcmp(argv[i], "--json") == 0;
    status = read_line(&ctl, argc, argv, &line);
    if (status == CTL_OK && line.version)
        puts("acdctl " ACD_RELEASE);
    else if (status == CTL_OK)
        status = run(&ctl, &line);
    acd_client_close(ctl.client);
    free(line.args);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("acdctl: stdout");
        return CTL_NO_ANSWER;
    }
    return status;
}
