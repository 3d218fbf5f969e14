// What can be measured in a page that is shown: its targets, its colours, what is cut off. Read by measuring.py.
(() => {
  "use strict";

  const TRANSPARENT = /^rgba\(.*, 0\)$|^transparent$/;
  const FOCUSABLE = "a[href], button, summary, input:not([type=hidden]), select, textarea";

  function isShown(element) {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && !element.closest(".vh");
  }

  function name(element) {
    const words = (element.innerText || element.ariaLabel || element.name || "").trim().replace(/\s+/g, " ").slice(0, 24);
    const classes = Array.from(element.classList, (each) => "." + each).join("");
    return `${element.localName}${classes} “${words}”`;
  }

  // The ground on which an element stands: the first colour at or behind it.
  function ground(element) {
    for (let each = element; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if (!TRANSPARENT.test(colour)) return colour;
    }
    return getComputedStyle(document.documentElement).backgroundColor;
  }

  // ------------------------------------------------------------------------------------------------- targets

  // A link in a sentence is as high as its line (WCAG 2.5.8): other words stand beside it in the same block.
  function isInSentence(link) {
    if (getComputedStyle(link).display !== "inline") return false;
    let block = link.parentElement;
    while (getComputedStyle(block).display === "inline") block = block.parentElement;
    return block.innerText.trim().length > link.innerText.trim().length;
  }

  // What a thumb may hit: the element, its label, or the box over which it is spread.
  function boxOf(target) {
    const spread = getComputedStyle(target, "::after");
    if (spread.content !== "none" && spread.position === "absolute" && spread.top === "0px") {
      return target.offsetParent.getBoundingClientRect();
    }
    const box = target.getBoundingClientRect();
    const label = target.labels && target.labels[0];
    if (!label || !["checkbox", "radio", "file"].includes(target.type)) return box;
    const around = label.getBoundingClientRect();
    return around.width * around.height > box.width * box.height ? around : box;
  }

  function isTarget(element) {
    if (element.disabled || element.getAttribute("aria-disabled") === "true") return false;
    if (getComputedStyle(element).pointerEvents === "none") return false;
    return isShown(element) || Array.from(element.labels || []).some(isShown);
  }

  // Smaller than this is the least in each mode.
  function smallTargets(leasts) {
    const least = leasts[document.documentElement.dataset.mode], found = [];
    for (const target of document.querySelectorAll(FOCUSABLE)) {
      if (!isTarget(target) || isInSentence(target)) continue;
      const { width, height } = boxOf(target);
      if (width < least - 0.5 || height < least - 0.5) {
        found.push(`${name(target)} is small: ${Math.round(width)}×${Math.round(height)}`);
      }
    }
    return found;
  }

  // ------------------------------------------------------------------------------------------------- colours

  // A colour as the browser says it, whatever way it is written.
  function asWorn(colour) {
    const probe = document.createElement("i");
    document.body.append(probe);
    probe.style.color = colour;
    const worn = getComputedStyle(probe).color;
    probe.remove();
    return worn;
  }

  function colours() {
    const texts = new Map(), marks = new Map(), faded = [];
    const put = (pairs, colour, on, element) => {
      if (!TRANSPARENT.test(colour) && !pairs.has(`${colour}|${on}`)) pairs.set(`${colour}|${on}`, name(element));
    };
    for (const element of document.body.querySelectorAll("*")) {
      if (!isShown(element)) continue;
      const style = getComputedStyle(element);
      if (Number(style.opacity) < 1) faded.push(name(element));
      if (element.matches(".emblem")) {
        put(marks, style.color, ground(element), element);
        put(marks, asWorn(style.getPropertyValue("--emblem-2")), ground(element), element);
      }
      if (element instanceof SVGElement) {
        if (element.matches(".stitches path")) put(marks, style.stroke, ground(element), element);
        if (element.matches("svg.i")) put(marks, style.color, ground(element), element);
        continue;
      }
      const says = Array.from(element.childNodes).some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
      if (says || element.value) put(texts, style.color, ground(element), element);
      for (const part of ["::before", "::after"]) {
        const inner = getComputedStyle(element, part);
        if (inner.content === "none" || inner.content === '""' || inner.display === "none") continue;
        const own = inner.backgroundColor;
        put(texts, inner.color, TRANSPARENT.test(own) ? ground(element) : own, element);
      }
      if (element.placeholder) put(texts, getComputedStyle(element, "::placeholder").color, ground(element), element);
      // The border tells where one may write or choose; it stands against what is around it.
      if (element.matches(".input, .choice-body, .btn, .chip") && style.borderTopStyle !== "none") {
        put(marks, style.borderTopColor, ground(element.parentElement), element);
      }
      if (element.matches(FOCUSABLE)) put(marks, "focus", ground(element.parentElement), element);
    }
    const list = (pairs) => Array.from(pairs, ([pair, where]) => [...pair.split("|"), where]);
    return { texts: list(texts), marks: list(marks), faded };
  }

  // The value of each token in the look that is worn.
  const tokens = (names) => Object.fromEntries(names.map((each) => [each, asWorn(`var(--${each})`)]));

  // -------------------------------------------------------------------------------------------------- width

  // Does the line it stands in end in …, in a box that is itself within the window?
  function isShortened(element) {
    for (let box = element.parentElement; box; box = box.parentElement) {
      if (getComputedStyle(box).textOverflow === "ellipsis") return true;
    }
    return false;
  }

  // What is wider than the window, or ends beyond its edge, without a box of its own that scrolls it.
  function cutOff() {
    const wide = document.documentElement.clientWidth;
    const found = [];
    const over = document.documentElement.scrollWidth - wide;
    if (over > 0) found.push(`${over} pixels stick out`);
    for (const element of document.body.querySelectorAll("*")) {
      if (!isShown(element) || element.closest("svg, .skip, iframe, .map-live, .draw-ground")) continue; // a map shows a part of what it has
      const box = element.getBoundingClientRect();
      if ((box.right > wide + 1 || box.left < -1) && !isShortened(element)) found.push(`${name(element)} from ${Math.round(box.left)} to ${Math.round(box.right)}`);
      const style = getComputedStyle(element);
      const hides = style.overflowX !== "visible" && style.textOverflow !== "ellipsis" && !element.matches("input, textarea, select");
      if (hides && element.scrollWidth > element.clientWidth + 1) found.push(`${name(element)} hides ${element.scrollWidth - element.clientWidth}`);
    }
    return found;
  }

  // --------------------------------------------------------------------------------------------------- voices

  // Chinese words of an English page that a screen reader would say with an English voice (WCAG 3.1.2). What somebody is
  // writing is his own affair.
  function unmarked() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) {
      const text = walker.currentNode.data.trim(), around = walker.currentNode.parentElement;
      if (!/[\u4e00-\u9fff]{2}/.test(text) || around.closest("script, style, template, textarea")) continue;
      if (!around.closest("[lang]").lang.startsWith("zh")) found.push(`not marked as Chinese: ${text.slice(0, 30)}`);
    }
    return found;
  }

  // -------------------------------------------------------------------------------------------------- pictures

  // The width of the file that the browser chose: naturalWidth tells what srcset makes of it.
  async function widthOfFile(picture) {
    const file = new Image();
    file.src = picture.currentSrc;
    await file.decode();
    return file.naturalWidth;
  }

  // What is wrong with the pictures of the content: a place kept for them, words for them, no more bytes than are seen.
  async function pictures(renditions) {
    const found = [];
    for (const picture of document.querySelectorAll("main img")) {
      const says = (fault) => found.push(`${name(picture)} ${picture.getAttribute("src")} ${fault}`);
      if (!picture.hasAttribute("alt")) says("has no alt");
      const keepsItsPlace = picture.hasAttribute("width") && picture.hasAttribute("height");
      if (!keepsItsPlace && getComputedStyle(picture).aspectRatio === "auto") says("has no size until it is there");
      const isBelow = picture.getBoundingClientRect().top + window.scrollY > window.innerHeight;
      if (isBelow && picture.loading !== "lazy") says("is fetched before anybody sees it");
      if (!picture.getAttribute("src").includes(renditions)) continue;
      if (!picture.srcset || !picture.sizes) says("comes in one size");
      picture.loading = "eager";
      await picture.decode().catch(() => says("does not come"));
      const shown = picture.getBoundingClientRect().width;
      const chosen = await widthOfFile(picture).catch(() => 0);
      if (chosen > 2.1 * shown * window.devicePixelRatio) says(`is ${chosen} wide and shown ${Math.round(shown)}`);
    }
    return found;
  }

  // --------------------------------------------------------------------------------------------------- looks

  function wear([theme, mode]) {
    Object.assign(document.documentElement.dataset, { theme, mode });
    document.dispatchEvent(new Event("htmx:load")); // look-switch.js shows which switch is pressed
  }

  const frame = () => new Promise(requestAnimationFrame);

  let answered = 0;

  // The window has this width, and the page has answered to it.
  async function arrived(width) {
    for (let waited = 0; window.innerWidth !== width; waited++) {
      if (waited > 600) throw new Error(`the window is ${window.innerWidth} wide instead of ${width}`);
      await frame();
    }
    if (answered === width) return;
    await frame();
    await frame();
    answered = width;
  }

  // Put on one look after the other and ask these rulers in each; what each is about stands behind its name.
  async function inLooks({ width, looks, rulers }) {
    await arrived(width);
    return looks.map((look) => {
      wear(look);
      return Object.fromEntries(Object.entries(rulers).map(([ruler, about]) => [ruler, measuring[ruler](about)]));
    });
  }

  const measuring = { smallTargets, colours, tokens, cutOff, unmarked, pictures, wear, inLooks };
  window.measuring = measuring;
})();
