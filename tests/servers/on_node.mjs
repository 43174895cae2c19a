// node:http alone: a table of regular expressions routes, JSON.parse reads, short texts refuse.

import { createHash, randomUUID } from "node:crypto";
import { createServer } from "node:http";

const SLIP = process.env.SERVER_SLIP ?? "";
const ACCOUNT = "admin";
const DIGEST = createHash("sha512").update("open sesame").digest("hex");
const API = "/zstack/v1";

const sessions = new Set();
const kinds = { jobgroups: new Map(), triggers: new Map() };
const associations = new Map(); // "group trigger" -> when

class Rejected extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

class Failed extends Error {
  constructor(code, description, details) {
    super(details);
    this.envelope = { error: { code, description, details } };
  }
}

const noSuch = (what) => new Failed("SYS.1003", "A resource can not be found", `there is no such ${what}`);
const newUuid = () => randomUUID().replaceAll("-", "");

function row(kind, { uuid, name, made }) {
  const [own, other, links] = kind === "jobgroups" ? [0, 1, "triggersUuid"] : [1, 0, "jobGroupsUuid"];
  const pairs = [...associations.keys()].map((key) => key.split(" "));
  const linked = pairs.filter((pair) => pair[own] === uuid).map((pair) => pair[other]);
  return { uuid, name, [links]: linked, createDate: made, lastOpDate: made };
}

function mustExist(group, trigger) {
  if (!kinds.jobgroups.has(group)) throw noSuch("job group");
  if (!kinds.triggers.has(trigger)) throw noSuch("trigger");
}

function mustBeGood(body) {
  const { params } = body;
  if (params === null || typeof params !== "object" || Array.isArray(params)) {
    throw new Rejected(400, "params is required, an object");
  }
  if (params.triggerNow !== undefined && typeof params.triggerNow !== "boolean") {
    throw new Rejected(400, "triggerNow is true or false");
  }
  for (const name of ["systemTags", "userTags"]) {
    if (body[name] !== undefined && !Array.isArray(body[name])) throw new Rejected(400, `${name} is a list`);
  }
}

const HANDLERS = {
  "PUT login": (_, body) => {
    const { accountName, password } = body.logInByAccount ?? {};
    if (accountName !== ACCOUNT || password !== DIGEST) {
      throw new Failed("ID.1000", "Authentication failed", "wrong account name or password");
    }
    const uuid = newUuid();
    sessions.add(uuid);
    return { inventory: { uuid } };
  },
  "DELETE session": ({ uuid }) => (sessions.delete(uuid), {}),
  "GET valid": ({ uuid }) => ({ valid: sessions.has(uuid) }),
  "POST kind": ({ kind }, body) => {
    const made = { uuid: newUuid(), name: body.params.name, made: new Date() };
    kinds[kind].set(made.uuid, made);
    return { inventory: row(kind, made) };
  },
  "GET kind": ({ kind }, _, query) => {
    const wanted = query.getAll("q").map((condition) => condition.split("="));
    const rows = [...kinds[kind].values()].filter((one) => wanted.every(([name, value]) => one[name] === value));
    return { inventories: rows.map((one) => row(kind, one)) };
  },
  "DELETE resource": ({ kind, uuid }) => {
    kinds[kind].delete(uuid);
    for (const key of associations.keys()) if (key.split(" ").includes(uuid)) associations.delete(key);
    return {};
  },
  "POST pair": ({ group, trigger }, body) => {
    mustBeGood(body);
    mustExist(group, trigger);
    const key = `${group} ${trigger}`;
    const lastOpDate = new Date();
    if (!associations.has(key)) associations.set(key, lastOpDate);
    const names = { schedulerJobGroupUuid: group, schedulerTriggerUuid: trigger };
    return { inventory: { ...names, createDate: associations.get(key), lastOpDate } };
  },
  "DELETE pair": ({ group, trigger }) => {
    mustExist(group, trigger);
    associations.delete(`${group} ${trigger}`);
    return {};
  },
};

const flags = SLIP === "routing-without-case" ? "i" : "";
const route = (name, path) => ({ name, path: new RegExp(`^${API}/${path}$`, flags) });
const KIND = "(?<kind>jobgroups|triggers)";
const ROUTES = [
  route("login", "accounts/login"),
  route("valid", "accounts/sessions/(?<uuid>[^/]+)/valid"),
  route("session", "accounts/sessions/(?<uuid>[^/]+)"),
  route("kind", `scheduler/${KIND}`),
  route("resource", `scheduler/${KIND}/(?<uuid>[^/]+)`),
  route("pair", "scheduler/jobgroups/(?<group>[^/]+)/scheduler/triggers/(?<trigger>[^/]+)"),
];

function signedIn({ authorization = "" }) {
  if (SLIP === "anything-after-the-session") {
    const [scheme, token] = authorization.split(" ");
    return scheme === "OAuth" && sessions.has(token);
  }
  return authorization.startsWith("OAuth ") && sessions.has(authorization.slice(6));
}

function decoded(parts) {
  try {
    return Object.fromEntries(Object.entries(parts ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch (error) {
    if (SLIP === "malformed-escape") throw error;
    throw new Rejected(400, "the path is not percent-encoded UTF-8");
  }
}

async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

async function answer(request) {
  const [path, query = ""] = request.url.split("?", 2);
  const found = ROUTES.find((one) => one.path.test(path));
  if (!found) throw new Rejected(404, `Cannot ${request.method} this path`);
  const handler = HANDLERS[`${request.method} ${found.name}`];
  if (!handler) throw new Rejected(405, "Method Not Allowed");
  if (path.toLowerCase().startsWith(`${API}/scheduler/`) && !signedIn(request.headers)) {
    throw new Rejected(401, "Unauthorized");
  }
  const parts = decoded(found.path.exec(path).groups);
  let body = {};
  if (request.method === "POST" || request.method === "PUT") {
    const text = await readBody(request);
    try {
      body = JSON.parse(text);
    } catch {
      throw new Rejected(400, "Unexpected token in JSON");
    }
    if (body === null || typeof body !== "object") throw new Rejected(400, "an object is wanted");
  }
  return handler(parts, body, new URLSearchParams(query));
}

const server = createServer(async (request, response) => {
  const send = (status, type, text) => response.writeHead(status, { "Content-Type": type }).end(text);
  try {
    send(200, "application/json; charset=utf-8", JSON.stringify(await answer(request)));
  } catch (error) {
    if (error instanceof Failed) send(503, "application/json", JSON.stringify(error.envelope));
    else if (error instanceof Rejected) send(error.status, "text/plain", error.message);
    else send(500, "text/plain", "Internal Server Error");
  }
});
server.listen({ fd: Number(process.argv[2]) });
