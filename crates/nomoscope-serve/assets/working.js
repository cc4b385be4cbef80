// A page that is being made: it is asked for again, and shown as soon as it is there.

async function look() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html", "X-Look": "1" } });
    if (!answer.headers.has("refresh")) return location.reload();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    // Only what changes is replaced, so that the button keeps its place under the finger.
    for (const part of ["[role=status]", "progress"]) {
      const [old, now] = [document.querySelector(`main ${part}`), page.querySelector(`main ${part}`)];
      if (old && now && old.outerHTML !== now.outerHTML) old.replaceWith(now);
    }
    setTimeout(look, 150);
  } catch {
    // The page itself asks again, after the seconds that its head tells.
  }
}

setTimeout(look, 60);
