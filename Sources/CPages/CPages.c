// A file is embedded by its path; clang notes it as a dependency, so that a change of a page is a change of this file.

#include "CPages.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char index_html[] = {
#embed "Web/index.html"
};
static const unsigned char culvert_svg[] = {
#embed "Web/culvert.svg"
};
static const unsigned char base_css[] = {
#embed "Web/base.css"
};
static const unsigned char parts_css[] = {
#embed "Web/parts.css"
};
static const unsigned char charts_css[] = {
#embed "Web/charts.css"
};
static const unsigned char app_js[] = {
#embed "Web/app.js"
};
static const unsigned char api_js[] = {
#embed "Web/api.js"
};
static const unsigned char dom_js[] = {
#embed "Web/dom.js"
};
static const unsigned char format_js[] = {
#embed "Web/format.js"
};
static const unsigned char chart_js[] = {
#embed "Web/chart.js"
};
static const unsigned char overview_html[] = {
#embed "Web/overview.html"
};
static const unsigned char overview_js[] = {
#embed "Web/overview.js"
};
static const unsigned char sessions_html[] = {
#embed "Web/sessions.html"
};
static const unsigned char sessions_js[] = {
#embed "Web/sessions.js"
};
static const unsigned char policy_html[] = {
#embed "Web/policy.html"
};
static const unsigned char policy_js[] = {
#embed "Web/policy.js"
};
static const unsigned char accounts_js[] = {
#embed "Web/accounts.js"
};
static const unsigned char server_js[] = {
#embed "Web/server.js"
};
static const unsigned char try_html[] = {
#embed "Web/try.html"
};
static const unsigned char try_js[] = {
#embed "Web/try.js"
};
static const unsigned char gather_js[] = {
#embed "Web/gather.js"
};
static const unsigned char measure_js[] = {
#embed "Web/measure.js"
};
static const unsigned char call_html[] = {
#embed "Web/call.html"
};
static const unsigned char call_js[] = {
#embed "Web/call.js"
};
static const unsigned char room_js[] = {
#embed "Web/room.js"
};
static const unsigned char peer_js[] = {
#embed "Web/peer.js"
};
static const unsigned char picture_js[] = {
#embed "Web/picture.js"
};
static const unsigned char ticker_js[] = {
#embed "Web/ticker.js"
};

#define FILE(symbol, name) {name, symbol, sizeof symbol}

static const struct cpages_file files[] = {
    FILE(index_html, "index.html"),
    FILE(culvert_svg, "culvert.svg"),
    FILE(base_css, "base.css"),
    FILE(parts_css, "parts.css"),
    FILE(charts_css, "charts.css"),
    FILE(app_js, "app.js"),
    FILE(api_js, "api.js"),
    FILE(dom_js, "dom.js"),
    FILE(format_js, "format.js"),
    FILE(chart_js, "chart.js"),
    FILE(overview_html, "overview.html"),
    FILE(overview_js, "overview.js"),
    FILE(sessions_html, "sessions.html"),
    FILE(sessions_js, "sessions.js"),
    FILE(policy_html, "policy.html"),
    FILE(policy_js, "policy.js"),
    FILE(accounts_js, "accounts.js"),
    FILE(server_js, "server.js"),
    FILE(try_html, "try.html"),
    FILE(try_js, "try.js"),
    FILE(gather_js, "gather.js"),
    FILE(measure_js, "measure.js"),
    FILE(call_html, "call.html"),
    FILE(call_js, "call.js"),
    FILE(room_js, "room.js"),
    FILE(peer_js, "peer.js"),
    FILE(picture_js, "picture.js"),
    FILE(ticker_js, "ticker.js"),
};

size_t cpages_count(void) { return sizeof files / sizeof files[0]; }
const struct cpages_file *cpages_file(size_t index) { return &files[index]; }
