/*
 * tests/run/legible.js - what makes a page hard to read or to operate, measured by the browser
 *
 * Run by tests/run/browser in a copy of a report. The document's title becomes "measured SCHEME N texts", and " ;; " with a
 * finding behind it for each. With window.onPaper, what is for paper applies: nobody can open anything there, and ink is
 * dear. The measures are those of WCAG 2.1 AA: contrast 1.4.3, headings and names 1.3.1, language
 * 3.1.1, reflow 1.4.10, keyboard 2.1.1.
 */
(function () {
	"use strict";
	const found = new Set();
	const root = document.documentElement;
	const scheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
	let texts = 0;

	function rgba(color) {
		const m = /rgba?\(([^)]*)\)/.exec(color);
		const p = m ? m[1].split(/[\s,/]+/).map(Number) : [0, 0, 0, 0];
		return { r: p[0], g: p[1], b: p[2], a: p.length > 3 ? p[3] : 1 };
	}
	function over(top, below) {
		const mix = (x, y) => x * top.a + y * (1 - top.a);
		return { r: mix(top.r, below.r), g: mix(top.g, below.g), b: mix(top.b, below.b), a: 1 };
	}
	function luminance(c) {
		const part = v => (v /= 255) <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
		return 0.2126 * part(c.r) + 0.7152 * part(c.g) + 0.0722 * part(c.b);
	}
	function background(e) {
		const layers = [];
		for (; e; e = e.parentElement)
			layers.unshift(rgba(getComputedStyle(e).backgroundColor));
		const paper = scheme === "dark" ? 18 : 255;
		return layers.reduce((below, top) => over(top, below), { r: paper, g: paper, b: paper, a: 1 });
	}
	function where(e) {
		return e.tagName.toLowerCase() + (e.className.baseVal === undefined && e.className ? "." + e.className : "");
	}
	function visible(e) {
		const s = getComputedStyle(e), r = e.getBoundingClientRect();
		return s.visibility !== "hidden" && s.display !== "none" && r.width > 1 && r.height > 1;
	}

	if (!window.onPaper)
		document.querySelectorAll("details").forEach(d => { d.open = true; });
	else
		/* Of a check that is right its line is enough; all else is there, whatever was open, but what is for screens. */
		document.querySelectorAll("details:not(.check,.screen)").forEach(d => {
			for (const e of d.children)
				if (e.tagName !== "SUMMARY" && !e.checkVisibility())
					found.add("closed on paper: " + where(e));
		});

	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const e = walk.currentNode.parentElement, s = getComputedStyle(e);
		if (!walk.currentNode.data.trim() || /^(SCRIPT|STYLE)$/.test(e.tagName) || !visible(e))
			continue;
		texts++;
		const below = background(e), ink = over(rgba(e.closest("svg") ? s.fill : s.color), below);
		const a = luminance(ink), b = luminance(below);
		if (window.onPaper && b < 0.7)
			found.add("dark on paper behind " + where(e));
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), px = parseFloat(s.fontSize);
		const large = px >= 24 || (px >= 18.66 && parseInt(s.fontWeight, 10) >= 700);
		if (ratio < (large ? 3 : 4.5))
			found.add("contrast " + ratio.toFixed(2) + " of " + where(e) + " (" + walk.currentNode.data.trim().slice(0, 30) + ")");
		if (px < (window.onPaper ? 9 : 11))
			found.add("text of " + px + " px in " + where(e));
		const range = document.createRange();
		range.selectNodeContents(walk.currentNode);
		const lines = new Set([...range.getClientRects()].map(r => Math.round(r.top))).size;
		if (lines > 2 && walk.currentNode.data.trim().length / lines < 4)
			found.add("squeezed to " + lines + " lines: " + walk.currentNode.data.trim().slice(0, 30));
	}

	let level = 0;
	document.querySelectorAll("h1,h2,h3,h4,h5,h6").forEach(h => {
		const l = Number(h.tagName[1]);
		if (l > level + 1)
			found.add("h" + l + " after h" + level);
		level = l;
	});
	if (document.querySelectorAll("h1").length !== 1)
		found.add("not one h1");
	/* What matters most is there before anybody has scrolled, on a phone too. */
	document.querySelectorAll("h1").forEach(h => {
		const top = Math.round(h.getBoundingClientRect().top + scrollY);
		if (top > 320)
			found.add("the verdict begins " + top + " px down");
	});
	if (!root.lang)
		found.add("no language");
	if (!document.title.trim())
		found.add("no title");
	if (!document.querySelector("main"))
		found.add("no main");

	const ids = new Set();
	document.querySelectorAll("[id]").forEach(e => {
		if (ids.has(e.id))
			found.add("id twice: " + e.id);
		ids.add(e.id);
	});
	document.querySelectorAll("[aria-labelledby],[aria-describedby]").forEach(e => {
		const id = e.getAttribute("aria-labelledby") || e.getAttribute("aria-describedby");
		if (!document.getElementById(id))
			found.add("named by nothing: " + id);
	});
	document.querySelectorAll("a[href^='#']").forEach(a => {
		if (!document.getElementById(a.getAttribute("href").slice(1)))
			found.add("a link to nothing: " + a.getAttribute("href"));
	});
	document.querySelectorAll("svg").forEach(s => {
		if (s.getAttribute("aria-hidden") !== "true" && !s.getAttribute("aria-label") && !s.querySelector("title"))
			found.add("svg without a name");
	});
	document.querySelectorAll("table").forEach(t => {
		if (!t.querySelector("th"))
			found.add("a table without heads");
	});
	document.querySelectorAll("details").forEach(d => {
		const s = d.firstElementChild;
		if (!s || s.tagName !== "SUMMARY" || !s.textContent.trim())
			found.add("details without a summary");
		else if (s.tabIndex < 0)
			found.add("a summary that the keyboard does not reach");
	});
	document.querySelectorAll("*").forEach(e => {
		const s = getComputedStyle(e);
		if (e !== root && e !== document.body && e.scrollWidth > e.clientWidth + 1 && /auto|scroll/.test(s.overflowX) &&
			e.tabIndex < 0)
			found.add("to be scrolled, and the keyboard does not reach it: " + where(e));
		if (e.tabIndex > 0)
			found.add("an order of its own for the keyboard: " + where(e));
	});
	if (root.scrollWidth > innerWidth + 1)
		found.add("wider than the window: " + root.scrollWidth + " of " + innerWidth);

	document.title = ["measured " + scheme + " " + texts + " texts", ...found].join(" ;; ").replace(/[<>&]/g, "?");
})();
