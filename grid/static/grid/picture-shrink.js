/* Pictures made smaller in the browser, so that they go off on a weak connection; and where a JPEG says it was taken.

   pictureShrink(file) → Promise of {blob, position: [longitude, latitude] | null, canvas: thumbnail | null}

   What the browser cannot read goes as it is: the site reads more than most browsers do. */
(function () {
  "use strict";

  var LONGEST = 2048;
  var THUMB = 320;
  var QUALITY = 0.85;
  var GPS_TAG = 0x8825;

  function drawn(bitmap, longest) {
    var share = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
    var canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * share));
    canvas.height = Math.max(1, Math.round(bitmap.height * share));
    var sheet = canvas.getContext("2d");
    sheet.fillStyle = "white"; // what one sees through would turn black in a JPEG
    sheet.fillRect(0, 0, canvas.width, canvas.height);
    sheet.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  function asJpeg(canvas) {
    return new Promise(function (resolve, reject) {
      canvas.toBlob(function (blob) {
        if (blob) resolve(blob);
        else reject(new Error("no blob"));
      }, "image/jpeg", QUALITY);
    });
  }

  /* The entries of one directory of a TIFF, as {tag: [type, count, offset of the value]}. */
  function directory(view, base, at, little) {
    var found = {};
    var many = view.getUint16(base + at, little);
    for (var number = 0; number < many; number++) {
      var entry = base + at + 2 + number * 12;
      found[view.getUint16(entry, little)] = entry;
    }
    return found;
  }

  function degrees(view, base, entry, little) {
    var at = base + view.getUint32(entry + 8, little);
    var parts = [0, 1, 2].map(function (number) {
      return view.getUint32(at + number * 8, little) / view.getUint32(at + number * 8 + 4, little);
    });
    return parts[0] + parts[1] / 60 + parts[2] / 3600;
  }

  function inTiff(view, base) {
    var little = view.getUint16(base) === 0x4949;
    var first = directory(view, base, view.getUint32(base + 4, little), little);
    if (!first[GPS_TAG]) return null;
    var gps = directory(view, base, view.getUint32(first[GPS_TAG] + 8, little), little);
    if (!(gps[1] && gps[2] && gps[3] && gps[4])) return null;
    var latitude = degrees(view, base, gps[2], little);
    var longitude = degrees(view, base, gps[4], little);
    if (view.getUint8(gps[1] + 8) === 0x53) latitude = -latitude;
    if (view.getUint8(gps[3] + 8) === 0x57) longitude = -longitude;
    var known = isFinite(latitude) && isFinite(longitude) && (latitude || longitude);
    return known && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? [longitude, latitude] : null;
  }

  /* Where a JPEG says it was taken; null where it does not, or is none. */
  function positionIn(buffer) {
    try {
      var view = new DataView(buffer);
      if (view.getUint16(0) !== 0xffd8) return null;
      var at = 2;
      while (at + 4 < view.byteLength && view.getUint8(at) === 0xff) {
        var marker = view.getUint8(at + 1);
        if (marker === 0xda) return null;
        if (marker === 0xe1 && view.getUint32(at + 4) === 0x45786966) return inTiff(view, at + 10);
        at += 2 + view.getUint16(at + 2);
      }
    } catch (error) {
      /* a camera that writes nonsense has told us nothing */
    }
    return null;
  }

  window.pictureShrink = function (file) {
    var position = file.slice(0, 262144).arrayBuffer().then(positionIn, function () { return null; });
    var made = createImageBitmap(file).then(
      function (bitmap) {
        return asJpeg(drawn(bitmap, LONGEST)).then(function (blob) {
          var thumbnail = drawn(bitmap, THUMB);
          bitmap.close();
          return { blob: blob, canvas: thumbnail };
        });
      }
    ).catch(function () { return { blob: file, canvas: null }; });
    return Promise.all([position, made]).then(function (both) {
      return { position: both[0], blob: both[1].blob, canvas: both[1].canvas };
    });
  };
})();
